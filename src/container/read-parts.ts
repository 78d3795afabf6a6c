import type { DependencyContainer } from "tsyringe";
import { processEnvironment, readSettings } from "../config/index.ts";
import { ConfigurationError } from "../errors/index.ts";
import type { VideoServiceOptions } from "../service/index.ts";
import { PARTS, type Part } from "./tokens.ts";

/** What the service calls on a part. The parts that are plain data are checked by the service itself. */
const METHODS: { readonly [Name in Part]?: readonly (keyof NonNullable<VideoServiceOptions[Name]> & string)[] } = {
	ledger: ["insert", "find", "replace", "list", "prune", "close"],
	clock: ["now", "monotonic", "sleep"],
	logger: ["debug", "info", "warn", "error"],
};
const FUNCTIONS: readonly Part[] = ["fetch", "random"];

/**
 * The parts that an application has registered, as options. An option that is given counts before the part
 * of that name; lists of providers add up, and of two with the same id the given one counts.
 *
 * Throws `ConfigurationError` that names the part at fault.
 */
export function readParts(container: DependencyContainer, given: VideoServiceOptions): VideoServiceOptions {
	const env =
		given.env ?? (resolvePart(container, "env")?.at(-1) as VideoServiceOptions["env"]) ?? processEnvironment();
	checkPart("env", env);
	// From here on keys are known as secrets, whatever the application's own code throws while it makes a part.
	readSettings(env);
	const parts: Record<string, unknown> = { ...given };
	for (const part of Object.keys(PARTS) as Part[]) {
		if (part !== "providers" && given[part] === undefined) parts[part] = resolvePart(container, part)?.at(-1);
		checkPart(part, parts[part]);
	}
	const lists = [...(resolvePart(container, "providers") ?? []), given.providers ?? []];
	if (!lists.every((list) => Array.isArray(list))) throw wrongPart("providers", "must be a list; register [provider]");
	return { ...parts, env, providers: lists.flat() };
}

/** All that is registered of a part. Of most parts the last registration counts, as it does in tsyringe. */
function resolvePart(container: DependencyContainer, part: Part): readonly unknown[] | undefined {
	const token = PARTS[part];
	if (!container.isRegistered<unknown>(token, true)) return undefined;
	try {
		return part === "providers" ? container.resolveAll<unknown>(token) : [container.resolve<unknown>(token)];
	} catch (cause) {
		// The application's own code: what it throws may say anything, on any number of lines.
		const [problem = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n", 1);
		throw wrongPart(part, `could not be made: ${problem}`, cause);
	}
}

function checkPart(part: Part, value: unknown): void {
	if (value === null) throw wrongPart(part, "is null; leave it out to have the default");
	if (value instanceof Promise) throw wrongPart(part, "is a promise; wait for it, and register what it gives");
	if (value === undefined) return;
	if (FUNCTIONS.includes(part) && typeof value !== "function") throw wrongPart(part, "must be a function");
	const missing = (METHODS[part] ?? []).filter((name) => typeof Reflect.get(Object(value), name) !== "function");
	if (missing.length > 0) throw wrongPart(part, `has no ${missing.join(", ")}; register an object that has it`);
}

function wrongPart(part: Part, problem: string, cause?: unknown): ConfigurationError {
	const token = part.replace(/[A-Z]/g, "_$&").toUpperCase();
	return new ConfigurationError(`${part} (token ${token}): ${problem}`, { cause });
}
