import { resolve } from "node:path";
import { redact } from "../errors/index.ts";
import type { MediaInput } from "../media/index.ts";
import type { JsonObject, JsonValue } from "../provider/index.ts";
import type { CheckedRequest } from "./validate-request.ts";

/**
 * A request as the ledger keeps it, to be sent again when the user asks for that: images by path or URL.
 * `undefined` when it cannot be kept so: an image handed over as bytes, or something that looks like a secret.
 */
export function recordedRequest(request: CheckedRequest): JsonObject | undefined {
	const { image, lastFrame, references, ...options } = request;
	const media = { image: whereabouts(image), lastFrame: whereabouts(lastFrame) };
	const guides = references?.map(whereabouts);
	const isWhole =
		(image === undefined || media.image !== undefined) &&
		(lastFrame === undefined || media.lastFrame !== undefined) &&
		guides?.includes(undefined) !== true;
	if (!isWhole) return undefined;
	const text = JSON.stringify({ ...options, ...media, references: guides });
	return redact(text) === text ? asObject(JSON.parse(text)) : undefined;
}

function whereabouts(input: MediaInput | undefined): string | undefined {
	const text = input instanceof URL ? input.href : input;
	if (typeof text !== "string" || /^data:/i.test(text)) return undefined;
	if (!/^[a-z][a-z0-9+.-]+:/i.test(text)) return resolve(text);
	// A query may be a signature, which is a secret.
	return text.includes("?") ? undefined : text;
}

function asObject(value: JsonValue): JsonObject {
	return value as JsonObject;
}
