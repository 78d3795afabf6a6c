import { VIDEO_ERROR_MARK } from "./mark.ts";
import { redact } from "./redact.ts";

const MAXIMUM_DEPTH = 4;

/**
 * A foreign error reduced to what is safe to keep: its name, its system code and its redacted message
 * and stack. Foreign errors carry live requests, headers and whole images, so none is kept as it is.
 */
export function scrubCause(cause: unknown, depth = 0): unknown {
	if (cause === undefined) return undefined;
	if (!(cause instanceof Error)) return redact(String(cause));
	if (VIDEO_ERROR_MARK in cause) return cause;
	const safe = new Error(redact(cause.message));
	safe.name = redact(cause.name);
	if (cause.stack !== undefined) safe.stack = redact(cause.stack);
	if ("code" in cause && typeof cause.code === "string") Object.assign(safe, { code: redact(cause.code) });
	if (cause.cause !== undefined && depth < MAXIMUM_DEPTH) safe.cause = scrubCause(cause.cause, depth + 1);
	return safe;
}
