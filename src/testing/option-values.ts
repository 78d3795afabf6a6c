import { createHash } from "node:crypto";
import type { GenerationOptions, InputImage, ModelCapabilities, NumberLimits } from "../provider/index.ts";

/** The smallest real picture: PNG, one grey pixel. */
const PIXEL = Buffer.from(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg==",
	"base64",
);

/** A picture for the options that take one. */
export const TINY_IMAGE: InputImage = {
	mediaType: "image/png",
	data: PIXEL,
	width: 1,
	height: 1,
	sha256: createHash("sha256").update(PIXEL).digest("hex"),
};

type Values = { readonly [Name in keyof GenerationOptions]-?: readonly NonNullable<GenerationOptions[Name]>[] };

/**
 * Values to try each option with that a model takes, those that are falsy among them. An option that it is
 * known not to take has none: the core never passes it on.
 */
export function optionValues(model: ModelCapabilities | undefined, given: Partial<GenerationOptions>): Values {
	const values: Values = {
		negativePrompt: ["", "fog and rain"],
		durationSeconds: numbersIn(model?.durationSeconds, [4, 6]),
		fps: numbersIn(model?.fps, [24, 30]),
		aspectRatio: (model?.aspectRatios ?? ["16:9", "9:16"]).slice(0, 2),
		resolution: resolutionsOf(model),
		quality: ["low", "high"],
		seed: [0, 7, 2 ** 32 - 1],
		numInferenceSteps: [1, 30],
		guidanceScale: [0, 7.5],
		generateAudio: model?.audio === "none" || model?.audio === "always" ? [] : [false, true],
		lastFrame: [TINY_IMAGE],
		references: [[TINY_IMAGE]],
	};
	const entries = Object.entries(values).map(([name, usual]) => {
		const option = name as keyof GenerationOptions;
		const own = given[option];
		if (model?.options[option] === false) return [name, []];
		return [name, own === undefined || usual.includes(own as never) ? usual : [own]];
	});
	return Object.fromEntries(entries) as Values;
}

function numbersIn(limits: NumberLimits | undefined, usual: readonly number[]): readonly number[] {
	if (limits === undefined) return usual;
	return "values" in limits ? limits.values.slice(0, 2) : [...new Set([limits.min, limits.max])];
}

function resolutionsOf(model: ModelCapabilities | undefined): readonly string[] {
	const known = model?.resolutions;
	if (known === undefined) return ["720p", "1280x720", "1080p"];
	if (!("minWidth" in known)) return known.slice(0, 2);
	return [`${known.minWidth}x${known.minHeight}`, `${known.maxWidth}x${known.maxHeight}`];
}
