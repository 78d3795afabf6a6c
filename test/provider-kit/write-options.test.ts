import { describe, expect, it } from "vitest";
import type { ProviderRequest } from "../../src/provider/index.ts";
import {
	inFrames,
	type OptionNames,
	type OptionStyle,
	type StyleOverride,
	styleFor,
	writeOptions,
} from "../../src/provider-kit/index.ts";
import { TINY_IMAGE } from "../../src/testing/index.ts";

const NAMES: OptionNames = {
	image: "image_url",
	lastFrame: "end_url",
	references: "references",
	negativePrompt: "negative_prompt",
	durationSeconds: "duration",
	fps: "fps",
	aspectRatio: "ratio",
	resolution: "resolution",
	quality: null,
	seed: "seed",
	numInferenceSteps: "steps",
	guidanceScale: "guidance",
	generateAudio: "audio",
};
const asked = (options: Partial<ProviderRequest> = {}): ProviderRequest => ({
	task: "text-to-video",
	model: "owner/model",
	prompt: "Waves",
	providerOptions: {},
	...options,
});
const written = (options: Partial<ProviderRequest>, style: Partial<OptionStyle> = {}) =>
	writeOptions(asked(options), { names: NAMES, ...style });

describe("the options of a request", () => {
	it("are written under the model's names, with zero, false and nothing as values", () => {
		const options = { seed: 0, generateAudio: false, negativePrompt: "", aspectRatio: "1:1" };
		expect(written(options)).toEqual({
			fields: { seed: 0, audio: false, negative_prompt: "", ratio: "1:1" },
			warnings: [],
		});
		expect(written({})).toEqual({ fields: {}, warnings: [] });
	});

	it("have pictures as data URLs", () => {
		const { fields } = written({ image: TINY_IMAGE, references: [TINY_IMAGE, TINY_IMAGE] });
		const url = expect.stringMatching(/^data:image\/png;base64,/);
		expect(fields).toEqual({ image_url: url, references: [url, url] });
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

	it("are refused with more references than the model takes", () => {
		const references = [TINY_IMAGE, TINY_IMAGE];
		expect(written({ references }, { maxReferences: 2 }).fields["references"]).toHaveLength(2);
		expect(() => written({ references }, { maxReferences: 1 })).toThrow(
			expect.objectContaining({ code: "unsupported_option", field: "references" }),
		);
	});
});

describe("a length in frames", () => {
	const frames = (options: Partial<ProviderRequest>) =>
		written(options, { values: { durationSeconds: inFrames({ fps: 16, min: 17, max: 161 }) } });

	it("counts the first one, at the rate that is asked for", () => {
		expect(frames({ durationSeconds: 5 })).toEqual({ fields: { duration: 81 }, warnings: [] });
		expect(frames({ durationSeconds: 2, fps: 24 }).fields).toEqual({ duration: 49, fps: 24 });
	});

	it("stays within the limits, and says so", () => {
		const { fields, warnings } = frames({ durationSeconds: 20 });
		expect(fields).toEqual({ duration: 161 });
		expect(warnings).toEqual(["durationSeconds: 20 became 10.00, as owner/model makes 17 to 161 frames"]);
		expect(frames({ durationSeconds: 0 }).fields).toEqual({ duration: 17 });
	});
});

describe("the style of a model", () => {
	const usual: OptionStyle = { names: NAMES, values: { seed: String } };
	const overrides: readonly (readonly [RegExp, StyleOverride])[] = [
		[/^owner\//, { names: { image: "first", quality: "effort" }, maxReferences: 9 }],
		[/-fast$/, { names: { image: "start" }, values: { fps: String } }],
	];

	it("is the usual one where no override matches", () => {
		expect(styleFor("somebody/else", usual, overrides)).toEqual(usual);
	});

	it("has every override that matches, the later ones counting more", () => {
		const { names, values, maxReferences } = styleFor("owner/model-fast", usual, overrides);
		expect(names).toEqual({ ...NAMES, image: "start", quality: "effort" });
		expect([values, maxReferences]).toEqual([{ seed: String, fps: String }, 9]);
	});
});
