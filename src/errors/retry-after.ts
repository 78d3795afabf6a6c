const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
/** Commas part the values of doubled headers, all but the one in a date. */
const COMMA = /(?<!\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)),/;
const NUMBER = /^\d+(?:\.\d+)?$/;
/** A longer wait is no wait. Also keeps the number below 2³¹, where timers overflow and fire at once. */
const LONGEST_MS = 86_400_000;

/**
 * What a server asks us to wait, in milliseconds, from 0 to one day; `undefined` when it does not say, or
 * not in a way that can be read. Of several answers the longest counts.
 *
 * `header` gives the text of a header, several lines of it joined by commas, as `Headers.get` does.
 */
export function retryAfterMs(
	header: (name: "retry-after" | "retry-after-ms") => string | null | undefined,
	wallClockMs: number,
): number | undefined {
	const waits = [
		...partsOf(header("retry-after-ms")).map(parseNumber),
		...partsOf(header("retry-after")).map((part) => parseSeconds(part) ?? parseDate(part, wallClockMs)),
	].filter((wait) => wait !== undefined);
	if (waits.length === 0) return undefined;
	return Math.min(Math.max(...waits, 0), LONGEST_MS);
}

function partsOf(text: string | null | undefined): readonly string[] {
	return (text ?? "").split(COMMA).map((part) => part.trim());
}

function parseNumber(text: string): number | undefined {
	return NUMBER.test(text) ? Math.ceil(Number(text)) : undefined;
}

function parseSeconds(text: string): number | undefined {
	return NUMBER.test(text) ? Math.ceil(Number(text) * 1_000) : undefined;
}

function parseDate(text: string, wallClockMs: number): number | undefined {
	if (!DATE.test(text)) return undefined;
	const time = Date.parse(text);
	return Number.isNaN(time) ? undefined : time - wallClockMs;
}
