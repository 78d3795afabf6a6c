import { createHash } from "node:crypto";
import type { ProviderRequest } from "../provider/index.ts";

/** SHA-256 of everything that was asked for. Images count by their own hash; the order of keys does not. */
export function inputHash(request: ProviderRequest, chain: readonly string[]): string {
	return createHash("sha256").update(canonical({ request, chain })).digest("hex");
}

function canonical(value: unknown): string {
	return JSON.stringify(value, (_key, part: unknown) => {
		if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
		if ("sha256" in part && "data" in part) return { sha256: part.sha256 };
		return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
	});
}
