import { describe, expect, it } from "vitest";
import type { ModelCapabilities, ProviderRequest } from "../../src/provider/index.ts";
import { fitRequest, type OnUnsupported } from "../../src/routing/index.ts";
import { EVERYTHING } from "../support/fake-provider.ts";

const LISTED = { resolutions: ["720p", "2160P"], aspectRatios: ["auto", "16:9", "9:16"] };

function adapt(
	asked: Partial<ProviderRequest>,
	facts: Partial<ModelCapabilities> = LISTED,
	onUnsupported: OnUnsupported = "auto",
) {
	const request = { task: "text-to-video", model: "m", prompt: "p", providerOptions: {}, ...asked } as const;
	const model = { id: "m", tasks: ["text-to-video"], options: { ...EVERYTHING, quality: false }, ...facts } as const;
	const fitted = fitRequest(request, model, "fake:m", onUnsupported, { preset: "medium", chosen: false });
	const { resolution, aspectRatio } = fitted.request;
	return { resolution, aspectRatio, warnings: fitted.warnings };
}

describe("another spelling of what a model lists", () => {
	it("of a class is sent as the model spells it", () => {
		expect(adapt({ resolution: "4k" }, LISTED, "reject")).toEqual({
			resolution: "2160P",
			aspectRatio: undefined,
			warnings: [],
		});
	});

	it("in the same letters keeps its own spelling", () => {
		expect(adapt({ resolution: "720P" }).resolution).toBe("720P");
	});

	it.each([
		["1280x720", "720p", "16:9"],
		["720x1280", "720p", "9:16"],
		["3840 × 2160", "2160P", "16:9"],
	])("in pixels, %s, is %s in %s, with a warning", (resolution, listed, aspectRatio) => {
		expect(adapt({ resolution })).toEqual({
			resolution: listed,
			aspectRatio,
			warnings: [`resolution: ${resolution} became ${listed} in ${aspectRatio}, as fake:m takes 720p, 2160P`],
		});
	});

	it("in pixels is refused where nothing may be changed, as a class does not fix the pixels", () => {
		expect(() => adapt({ resolution: "1280x720" }, LISTED, "reject")).toThrow(
			/^resolution: fake:m takes 720p, 2160P, not "1280x720"/,
		);
	});

	it("in pixels takes the ratio that was asked for beside it where the model lists none", () => {
		const facts = { resolutions: ["720p"] };
		expect(adapt({ resolution: "1280x720", aspectRatio: "16:9" }, facts)).toMatchObject({ resolution: "720p" });
		expect(() => adapt({ resolution: "1280x720" }, facts)).toThrow(/^resolution: fake:m takes 720p, not "1280x720"/);
	});

	it("of a ratio is sent as the model spells it", () => {
		expect(adapt({ aspectRatio: "32:18" })).toEqual({ resolution: undefined, aspectRatio: "16:9", warnings: [] });
		expect(adapt({ aspectRatio: "32:18", resolution: "1280x720" }).aspectRatio).toBe("16:9");
	});
});

describe("a size that a model does not list", () => {
	it.each([
		["1080p", undefined],
		["1280x704", undefined],
		["720x720", undefined],
		["720p", "21:9"],
	])("is refused as before: %s in %s", (resolution, aspectRatio) => {
		const asked = aspectRatio === undefined ? { resolution } : { resolution, aspectRatio };
		expect(() => adapt(asked, LISTED, "adjust")).toThrow(/fake:m takes /);
	});

	it("is refused in pixels where the model takes no ratio, as the frame would be another", () => {
		const options = { ...EVERYTHING, aspectRatio: false };
		expect(() => adapt({ resolution: "1280x720" }, { ...LISTED, options }, "adjust")).toThrow(/^resolution: /);
	});
});
