/** 0 to 1 with a gentle start and end. */
export function easeInOut(share: number): number {
	const bounded = clamp(share, 0, 1);
	return bounded * bounded * bounded * (bounded * (bounded * 6 - 15) + 10);
}

/** `value` held between two bounds. */
function clamp(value: number, low: number, high: number): number {
	return Math.min(high, Math.max(low, value));
}

/** From `low` at 0 to `high` at 1. */
export function between(low: number, high: number, share: number): number {
	return low + (high - low) * share;
}

/** 0 below `start`, 1 above `end`, smooth between. */
export function smoothStep(start: number, end: number, value: number): number {
	return easeInOut((value - start) / (end - start));
}
