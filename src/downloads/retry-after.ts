import { headerValues, type ResponseHeaders } from "./response-headers.ts";

const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
/** A longer wait is no wait. Also keeps the number below 2³¹, where timers overflow and fire at once. */
const LONGEST_MS = 86_400_000;

/**
 * What a server asks us to wait, in milliseconds, from 0 to one day; `undefined` when it does not say, or
 * not in a way that can be read. Of several answers the longest counts.
 */
export function retryAfterMs(headers: ResponseHeaders, wallClockMs: number): number | undefined {
	const waits = [
		...headerValues(headers, "retry-after-ms").map((text) => parseNumber(text)),
		...headerValues(headers, "retry-after").map((text) => parseSeconds(text) ?? parseDate(text, wallClockMs)),
	].filter((wait) => wait !== undefined);
	if (waits.length === 0) return undefined;
	return Math.min(Math.max(...waits, 0), LONGEST_MS);
}

function parseSeconds(text: string): number | undefined {
	const seconds = parseNumber(text);
	return seconds === undefined ? undefined : Math.ceil(seconds * 1_000);
}

function parseNumber(text: string): number | undefined {
	return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function parseDate(text: string, wallClockMs: number): number | undefined {
	if (!HTTP_DATE.test(text)) return undefined;
	const time = Date.parse(text);
	return Number.isNaN(time) ? undefined : time - wallClockMs;
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
