import leven from "leven";

/**
 * The candidate nearest to what was typed, in the form ` Did you mean "…"?`; empty when none is near
 * enough to be what was meant.
 */
export function didYouMean(typed: string, candidates: Iterable<string>): string {
	const wanted = typed.toLowerCase();
	let best: string | undefined;
	let bestDistance = Math.max(2, Math.floor(typed.length / 3)) + 1;
	for (const candidate of candidates) {
		const known = candidate.toLowerCase();
		const isBeginning = wanted.length > 2 && known.startsWith(wanted);
		const distance = isBeginning ? 0 : leven(wanted, known);
		if (distance < bestDistance) {
			best = candidate;
			bestDistance = distance;
		}
	}
	return best === undefined ? "" : ` Did you mean "${best}"?`;
}
