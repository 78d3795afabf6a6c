import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aspectRatioOf, frameSize } from "../../src/provider-kit/index.ts";

const fallback = { resolution: "720p", aspectRatio: "16:9" };

describe("the frame size", () => {
	it.each([
		[{}, 1280, 720],
		[{ resolution: "1080p" }, 1920, 1080],
		[{ resolution: "4K" }, 3840, 2160],
		[{ aspectRatio: "9:16" }, 720, 1280],
		[{ aspectRatio: "1:1" }, 720, 720],
		[{ aspectRatio: "21:9" }, 1680, 720],
		[{ resolution: "480p", aspectRatio: "16:9" }, 854, 480],
		[{ resolution: "1000x500" }, 1000, 500],
		[{ resolution: "1280x720", aspectRatio: "16:9" }, 1280, 720],
	])("of %j is %d by %d", (request, width, height) => {
		expect(frameSize(request, fallback)).toEqual({ width, height });
	});

	it.each([
		[{ resolution: "1280x720", aspectRatio: "9:16" }, /^aspectRatio: "9:16" contradicts/],
		[{ resolution: "big" }, /^resolution: "big" is not known/],
		[{ resolution: "0x0" }, /^resolution: "0x0" has no area/],
		[{ aspectRatio: "wide" }, /^aspectRatio: "wide" is not a ratio/],
	])("of %j is an error that names the field", (request, message) => {
		expect(() => frameSize(request, fallback)).toThrow(message);
	});

	it("is even and close to the ratio, whatever class and ratio are asked for", () => {
		const side = fc.integer({ min: 1, max: 32 });
		const pixels = fc.integer({ min: 144, max: 2160 });
		fc.assert(
			fc.property(side, side, pixels, (wide, high, short) => {
				const { width, height } = frameSize({ resolution: `${short}p`, aspectRatio: `${wide}:${high}` }, fallback);
				expect((width % 2) + (height % 2)).toBe(0);
				expect(Math.abs(width * high - height * wide)).toBeLessThanOrEqual(2 * Math.max(wide, high) + 2);
			}),
		);
	});
});

describe("the ratio of a picture", () => {
	it.each([
		[640, 360, "640:360"],
		[1, 1, "1:1"],
		[20_000, 10_000, "9999:5000"],
		[30_000, 1, "9999:1"],
	])("of %d by %d is one that can be read: %s", (width, height, ratio) => {
		expect(aspectRatioOf({ width, height })).toBe(ratio);
		expect(() => frameSize({ aspectRatio: ratio }, fallback)).not.toThrow();
	});
});
