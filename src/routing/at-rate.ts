import type { ModelCapabilities, NumberLimits } from "../provider/index.ts";
import { nearestAllowed } from "./number-limits.ts";

/**
 * A model as it is at the frame rate that is asked for: one that counts frames (`countedAtFps`) makes shorter clips at
 * a higher rate, and each second costs more.
 */
export function atRate(model: ModelCapabilities | undefined, fps: number | undefined): ModelCapabilities | undefined {
	if (model?.countedAtFps === undefined || fps === undefined || model.options.fps === false) return model;
	const { durationSeconds, defaultDurationSeconds, priceUsdPerSecond } = model;
	const rate = model.fps === undefined ? fps : nearestAllowed(fps, model.fps);
	const factor = model.countedAtFps / rate;
	return {
		...model,
		...(durationSeconds === undefined ? {} : { durationSeconds: times(durationSeconds, factor) }),
		...(defaultDurationSeconds === undefined
			? {}
			: { defaultDurationSeconds: rounded(defaultDurationSeconds * factor) }),
		...(priceUsdPerSecond === undefined ? {} : { priceUsdPerSecond: dividedBy(priceUsdPerSecond, factor) }),
	};
}

function times(limits: NumberLimits, factor: number): NumberLimits {
	if ("values" in limits) return { values: limits.values.map((value) => rounded(value * factor)) };
	const { min, max, step } = limits;
	const ends = { min: rounded(min * factor), max: rounded(max * factor) };
	return step === undefined ? ends : { ...ends, step: step * factor };
}

function dividedBy(
	price: number | Readonly<Record<string, number>>,
	factor: number,
): number | Readonly<Record<string, number>> {
	if (typeof price === "number") return price / factor;
	return Object.fromEntries(Object.entries(price).map(([resolution, perSecond]) => [resolution, perSecond / factor]));
}

/** For messages; a thousandth of a second is less than half a frame. */
function rounded(seconds: number): number {
	return Number(seconds.toFixed(3));
}
