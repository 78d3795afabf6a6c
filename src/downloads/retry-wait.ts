import { retryAfterMs } from "../errors/index.ts";
import { headerValues, type ResponseHeaders } from "./response-headers.ts";

/** What a server asks us to wait, in milliseconds; `undefined` when it does not say. */
export function askedWaitMs(headers: ResponseHeaders, wallClockMs: number): number | undefined {
	return retryAfterMs((name) => headerValues(headers, name).join(", "), wallClockMs);
}

/**
 * How long to wait before try `attempt` (2 is the first repetition), in milliseconds: what the server
 * asked for plus up to a tenth, so that a fleet does not come back in step; else a growing, random wait.
 */
export function waitBefore(
	attempt: number,
	askedMs: number | undefined,
	limits: { readonly backoffMs: number; readonly maxBackoffMs: number },
	random: () => number,
): number {
	if (askedMs !== undefined) return askedMs * (1 + random() / 10);
	return random() * Math.min(limits.maxBackoffMs, limits.backoffMs * 2 ** (attempt - 2));
}
