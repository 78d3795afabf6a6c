import type { NumberLimits } from "../provider/index.ts";

/** The allowed number that is nearest to a value. */
export function nearestAllowed(value: number, limits: NumberLimits): number {
	if ("values" in limits) {
		return limits.values.reduce(
			(best, candidate) => (Math.abs(candidate - value) < Math.abs(best - value) ? candidate : best),
			limits.values[0] ?? value,
		);
	}
	const bounded = Math.min(limits.max, Math.max(limits.min, value));
	if (limits.step === undefined) return bounded;
	const stepped = limits.min + Math.round((bounded - limits.min) / limits.step) * limits.step;
	return Math.min(limits.max, Number(stepped.toFixed(6)));
}

/** The largest allowed number. */
export function largestAllowed(limits: NumberLimits): number {
	return "values" in limits ? Math.max(...limits.values) : limits.max;
}

/** What is left of limits below a maximum; `undefined` when nothing is. */
export function allowedUpTo(maximum: number, limits: NumberLimits): NumberLimits | undefined {
	if (largestAllowed(limits) <= maximum) return limits;
	if ("values" in limits) {
		const values = limits.values.filter((value) => value <= maximum);
		return values.length === 0 ? undefined : { values };
	}
	const { min, step } = limits;
	if (min > maximum) return undefined;
	if (step === undefined) return { min, max: maximum };
	return { min, max: Number((min + Math.floor((maximum - min) / step) * step).toFixed(6)), step };
}

/** Limits in words, such as `4, 6, 8` or `3 to 15 in steps of 1`. */
export function describeLimits(limits: NumberLimits): string {
	if ("values" in limits) return limits.values.join(", ");
	return `${limits.min} to ${limits.max}${limits.step === undefined ? "" : ` in steps of ${limits.step}`}`;
}
