import { describe, expect, it } from "vitest";
import type { ProviderRequest } from "../../src/provider/index.ts";
import { asOneSize, type SizeSettings, styleFor, USUAL_NAMES, writeOptions } from "../../src/provider-kit/index.ts";
import { TINY_IMAGE } from "../../src/testing/index.ts";

type Frame = Pick<ProviderRequest, "resolution" | "aspectRatio" | "image" | "onUnsupported">;

function written(frame: Frame, settings: SizeSettings = {}) {
	const style = styleFor("studio/wide", { names: USUAL_NAMES }, [[/wide/, asOneSize(settings)]]);
	const asked = {
		task: "text-to-video",
		model: "studio/wide",
		prompt: "Waves",
		providerOptions: {},
		...frame,
	} as const;
	const { fields, warnings } = writeOptions(asked, style);
	const { image: _image, ...size } = fields;
	return [size, warnings];
}

describe("resolution and ratio as one size", () => {
	it("say what was asked for, and nothing when nothing was", () => {
		expect(written({ resolution: "1280x720" })).toEqual([{ size: "1280x720" }, []]);
		expect(written({ resolution: "720p", aspectRatio: "9:16" })).toEqual([{ size: "720x1280" }, []]);
		expect(written({ resolution: "1280x720", aspectRatio: "16:9" })).toEqual([{ size: "1280x720" }, []]);
		expect(written({})).toEqual([{}, []]);
	});

	it("are written as the service writes them", () => {
		const settings = { field: "dimensions", separator: "*" };
		expect(written({ resolution: "1280x720" }, settings)).toEqual([{ dimensions: "1280*720" }, []]);
	});

	it("take what is missing from the model and the first frame, with a warning", () => {
		const alone = "resolution: sent as 480x480, as aspectRatio was given alone";
		expect(written({ aspectRatio: "1:1" }, { resolution: "480p" })).toEqual([{ size: "480x480" }, [alone]]);
		const wide = "resolution: sent as 1280x720, as no aspectRatio was given";
		expect(written({ resolution: "720p" })).toEqual([{ size: "1280x720" }, [wide]]);
		const tall = "resolution: sent as 720x960, as no aspectRatio was given";
		const image = { ...TINY_IMAGE, width: 3_000, height: 4_000 };
		expect(written({ resolution: "720p", image })).toEqual([{ size: "720x960" }, [tall]]);
	});

	it("are brought to what the model renders, with a warning where pixels were asked for", () => {
		const rendered = "resolution: 1280x720 became 1280x704, as studio/wide renders multiples of 32";
		expect(written({ resolution: "1280x720" }, { multipleOf: 32 })).toEqual([{ size: "1280x704" }, [rendered]]);
		const twice = { resolution: "1280x720", aspectRatio: "16:9" };
		expect(written(twice, { multipleOf: 32 })).toEqual([{ size: "1280x704" }, [rendered]]);
		const asked = { resolution: "720p", aspectRatio: "16:9" };
		expect(written(asked, { multipleOf: 32 })).toEqual([{ size: "1280x704" }, []]);
		const tiny = "resolution: 8x8 became 32x32, as studio/wide renders multiples of 32";
		expect(written({ resolution: "8x8" }, { multipleOf: 32 })).toEqual([{ size: "32x32" }, [tiny]]);
	});

	it("are rounded for nobody who wants nothing changed, who may still leave the ratio or the class open", () => {
		const strict = { onUnsupported: "reject" } as const;
		expect(() => written({ ...strict, resolution: "1280x720" }, { multipleOf: 32 })).toThrow(
			/^resolution: 1280x720 became 1280x704/,
		);
		expect(written({ ...strict, resolution: "720p" })[0]).toEqual({ size: "1280x720" });
		expect(written({ ...strict, aspectRatio: "1:1" })[0]).toEqual({ size: "720x720" });
	});

	it("are refused when they contradict each other", () => {
		const contradiction = expect.objectContaining({ code: "invalid_input", field: "aspectRatio" });
		expect(() => written({ resolution: "1280x720", aspectRatio: "9:16" })).toThrow(contradiction);
	});
});
