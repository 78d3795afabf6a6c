import { describe, expect, it } from "vitest";
import type { ProviderRequest } from "../../src/provider/index.ts";
import {
	asListed,
	countedInFrames,
	inFrames,
	modelOf,
	modelTable,
	type OptionStyle,
	type StyleOverride,
	styleFor,
	USUAL_NAMES,
	type WriteOption,
	writeOptions,
} from "../../src/provider-kit/index.ts";
import { TINY_IMAGE } from "../../src/testing/index.ts";

const asked = (options: Partial<ProviderRequest> = {}): ProviderRequest => ({
	task: "text-to-video",
	model: "owner/model",
	prompt: "Waves",
	providerOptions: {},
	...options,
});
const written = (options: Partial<ProviderRequest>, style: Partial<OptionStyle> = {}) =>
	writeOptions(asked(options), { names: USUAL_NAMES, ...style });

describe("the options of a request", () => {
	it("are written under the model's names, with zero, false and nothing as values", () => {
		const options = { seed: 0, generateAudio: false, negativePrompt: "", aspectRatio: "1:1" };
		expect(written(options)).toEqual({
			fields: { seed: 0, generate_audio: false, negative_prompt: "", aspect_ratio: "1:1" },
			warnings: [],
		});
		expect(written({})).toEqual({ fields: {}, warnings: [] });
	});

	it("have pictures as data URLs", () => {
		const { fields } = written({ image: TINY_IMAGE, references: [TINY_IMAGE, TINY_IMAGE] });
		const url = expect.stringMatching(/^data:image\/png;base64,/);
		expect(fields).toEqual({ image: url, reference_images: [url, url] });
	});

	it("are said in a warning when the model has no place for them", () => {
		const { fields, warnings } = written({ quality: "low" });
		expect([fields, warnings]).toEqual([{}, ["quality: not sent, because owner/model has no input for it"]]);
		expect(written({ quality: "low" }, { receiver: "the queue" }).warnings[0]).toContain("the queue has no input");
	});

	it("can be written in another way, as other fields, or not at all", () => {
		const { fields, warnings } = written(
			{ durationSeconds: 5, resolution: "720p", seed: 7 },
			{
				values: {
					durationSeconds: (seconds) => `${seconds}s`,
					resolution(resolution, draft) {
						Object.assign(draft.fields, { width: 1280, height: 720 });
						draft.warn(`resolution: ${resolution} became 1280x720`);
						return undefined;
					},
					seed: () => undefined,
				},
			},
		);
		expect(fields).toEqual({ duration: "5s", width: 1280, height: 720 });
		expect(warnings).toEqual(["resolution: 720p became 1280x720"]);
	});

	it("never take the place of the prompt, or of each other", () => {
		const taken = (options: Partial<ProviderRequest>, names: object, values: OptionStyle["values"] = {}) =>
			expect(() => written(options, { names: { ...USUAL_NAMES, ...names }, values }));
		const both = { seed: 3, negativePrompt: "fog" };
		taken(both, { negativePrompt: "seed" }).toThrow(
			/^seed: it would be sent as "seed", as negativePrompt is.*another name in inputNames$/,
		);
		taken(both, { negativePrompt: "prompt" }).toThrow(
			/^negativePrompt: it would be sent as "prompt", as the prompt is/,
		);
		const toSeed: WriteOption<"resolution"> = (_given, { fields }) => void Object.assign(fields, { seed: 1 });
		taken({ seed: 3, resolution: "720p" }, {}, { resolution: toSeed }).toThrow(
			expect.objectContaining({ code: "invalid_input", field: "seed" }),
		);
		// No name is special to JavaScript either.
		const { fields } = written(both, { names: { ...USUAL_NAMES, negativePrompt: "__proto__" } });
		expect(Object.entries(fields)).toEqual([
			["__proto__", "fog"],
			["seed", 3],
		]);
	});

	it("are refused in the place of a warning when none may be changed, and only then", () => {
		const strict = { onUnsupported: "reject" } as const;
		const refusal = (field: string, message: RegExp) =>
			expect.objectContaining({ code: "unsupported_option", field, message: expect.stringMatching(message) });
		expect(() => written({ ...strict, quality: "low" })).toThrow(
			refusal("quality", /^quality: not sent, because owner\/model has no input for it; nothing was sent, so change/),
		);
		const values = { durationSeconds: inFrames({ fps: 16, min: 81, max: 161 }) };
		expect(() => written({ ...strict, durationSeconds: 5, fps: 5 }, { values })).toThrow(
			refusal("durationSeconds", /^durationSeconds: 5 became 16\.00, as owner\/model makes 81 to 161 frames; nothing/),
		);
		expect(written({ ...strict, durationSeconds: 5 }, { values })).toEqual({ fields: { duration: 81 }, warnings: [] });
		const shown: WriteOption<"seed"> = (_seed, { note }) => note("seed: it is shown") ?? undefined;
		expect(written({ ...strict, seed: 0 }, { values: { seed: shown } }).warnings).toEqual(["seed: it is shown"]);
	});

	it("need no input where the model does as they say anyway", () => {
		const style = {
			names: { ...USUAL_NAMES, generateAudio: null },
			implied: { generateAudio: (isWanted: boolean) => isWanted },
		};
		const anyway = "generateAudio: not sent, because owner/model has no input for it and does so anyway";
		const strict = { onUnsupported: "reject" } as const;
		expect(written({ ...strict, generateAudio: true }, style)).toEqual({ fields: {}, warnings: [anyway] });
		expect(() => written({ ...strict, generateAudio: false }, style)).toThrow(/^generateAudio: not sent/);
		expect(written({ generateAudio: false }, style).warnings).toEqual([expect.stringMatching(/has no input for it$/)]);
	});

	it("are refused with more references than the model takes", () => {
		const references = [TINY_IMAGE, TINY_IMAGE];
		expect(written({ references }, { maxReferences: 2 }).fields["reference_images"]).toHaveLength(2);
		expect(() => written({ references }, { maxReferences: 1 })).toThrow(
			expect.objectContaining({ code: "unsupported_option", field: "references" }),
		);
	});
});

describe("a resolution", () => {
	it("is written as the model's own list spells it, and as it was given where there is none", () => {
		const range = { minWidth: 64, minHeight: 64, maxWidth: 1920, maxHeight: 1080, multipleOf: 8 };
		const { model } = modelTable([
			modelOf("owner/model", ["text-to-video"], { resolutions: ["768P", "2K"] }),
			modelOf("owner/sized", ["text-to-video"], { resolutions: range }),
		]);
		const spelled = (resolution: string, id: string) =>
			written({ resolution, model: id }, { values: { resolution: asListed(model) } }).fields;
		expect(spelled("768p", "owner/model")).toEqual({ resolution: "768P" });
		for (const id of ["owner/sized", "owner/unknown"]) expect(spelled("2k", id)).toEqual({ resolution: "2k" });
		expect(spelled("1080p", "owner/model")).toEqual({ resolution: "1080p" });
	});
});

describe("a length in frames", () => {
	const frames = (options: Partial<ProviderRequest>) =>
		written(options, { values: { durationSeconds: inFrames({ fps: 16, min: 17, max: 161 }) } });

	it("counts the first one, at the rate that is asked for", () => {
		expect(frames({ durationSeconds: 5 })).toEqual({ fields: { duration: 81 }, warnings: [] });
		expect(frames({ durationSeconds: 2, fps: 24 }).fields).toEqual({ duration: 49, fps: 24 });
	});

	it("has its rate beside it in models that take no seconds", () => {
		const style = styleFor("owner/model", { names: USUAL_NAMES }, [[/^owner\//, countedInFrames({ fps: 16 })]]);
		expect(writeOptions(asked({ durationSeconds: 2, fps: 24 }), style).fields).toEqual({
			num_frames: 49,
			frames_per_second: 24,
		});
	});

	it("stays within the limits, and says so", () => {
		const { fields, warnings } = frames({ durationSeconds: 20 });
		expect(fields).toEqual({ duration: 161 });
		expect(warnings).toEqual(["durationSeconds: 20 became 10.00, as owner/model makes 17 to 161 frames"]);
		expect(frames({ durationSeconds: 0 }).fields).toEqual({ duration: 17 });
	});
});

describe("the style of a model", () => {
	const usual: OptionStyle = { names: USUAL_NAMES, values: { seed: String } };
	const overrides: readonly (readonly [RegExp, StyleOverride])[] = [
		[/^owner\//, { names: { image: "first", quality: "effort" }, maxReferences: 9 }],
		[/-fast$/, { names: { image: "start" }, values: { fps: String } }],
	];

	it("is the usual one where no override matches", () => {
		expect(styleFor("somebody/else", usual, overrides)).toEqual(usual);
	});

	it("has every override that matches, the later ones counting more", () => {
		const { names, values, maxReferences } = styleFor("owner/model-fast", usual, overrides);
		expect(names).toEqual({ ...USUAL_NAMES, image: "start", quality: "effort" });
		expect([values, maxReferences]).toEqual([{ seed: String, fps: String }, 9]);
	});
});
