import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type CacheableRequest, cacheKey, isCacheable } from "../../src/cache/index.ts";
import type { InputImage, ProviderRequest, ProviderTraits } from "../../src/provider/index.ts";

const REQUEST: ProviderRequest = { task: "text-to-video", model: "one", prompt: "Waves", providerOptions: {} };
const CACHEABLE: CacheableRequest = { model: "fake:one", request: REQUEST };
const TRAITS: ProviderTraits = {
	idempotency: "none",
	lookup: "none",
	cancel: "none",
	billing: "paid",
	runsIn: "service",
	modelIds: "open",
};

function picture(content: string): InputImage {
	const data = Buffer.from(content);
	const sha256 = createHash("sha256").update(data).digest("hex");
	return { mediaType: "image/png", data, width: 8, height: 8, sha256 };
}

/** Another value for every field there is; one that is added to the request does not compile without its line here. */
const OTHER: { readonly [Name in keyof Required<ProviderRequest>]: readonly ProviderRequest[Name][] } = {
	task: ["image-to-video"],
	model: ["two"],
	prompt: ["waves", "Waves ", ""],
	providerOptions: [{ fake: false }, { fake: 0 }, { fake: "" }, { fake: null }, { fake: [] }, { other: { fake: 0 } }],
	negativePrompt: ["", "people"],
	durationSeconds: [0, 5, 5.5],
	fps: [24, 30],
	aspectRatio: ["16:9", "9:16"],
	resolution: ["720p", "1280x720"],
	quality: ["low", "high"],
	seed: [0, 1, 4294967295],
	numInferenceSteps: [1, 50],
	guidanceScale: [0, 7.5],
	generateAudio: [false, true],
	image: [picture("a"), picture("b")],
	lastFrame: [picture("a"), picture("b")],
	onUnsupported: ["reject"],
	references: [[], [picture("a")], [picture("b")], [picture("a"), picture("b")], [picture("b"), picture("a")]],
};

describe("the key of a video", () => {
	it("is another one for every value of every option, and for zero, false and empty text too", () => {
		const requests = Object.entries(OTHER).flatMap(([name, values]) =>
			values.map((value) => ({ ...REQUEST, [name]: value }) as ProviderRequest),
		);
		const keys = [REQUEST, ...requests].map((request) => cacheKey({ ...CACHEABLE, request }));
		expect(new Set(keys).size).toBe(requests.length + 1);
		for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
	});

	it("is another one for another model, account or address", () => {
		const keys = [
			CACHEABLE,
			{ ...CACHEABLE, model: "other:one" },
			{ ...CACHEABLE, account: "0a1b2c3d" },
			{ ...CACHEABLE, account: "ffffffff" },
			{ ...CACHEABLE, endpoint: "https://videos.example" },
			{ ...CACHEABLE, endpoint: "0a1b2c3d" },
		].map(cacheKey);
		expect(new Set(keys).size).toBe(keys.length);
	});

	it("does not depend on the order of keys, at any depth, or on options that are there without a value", () => {
		const one = { ...REQUEST, seed: 1, providerOptions: { a: { x: 1, y: [{ p: 1, q: 2 }] }, b: 2 } };
		const two = {
			providerOptions: { b: 2, a: { y: [{ q: 2, p: 1 }], x: 1 } },
			negativePrompt: undefined,
			...{ seed: 1, prompt: "Waves", model: "one", task: "text-to-video" },
		} as unknown as ProviderRequest;
		expect(cacheKey({ request: two, model: "fake:one", account: undefined })).toBe(
			cacheKey({ ...CACHEABLE, request: one }),
		);
	});

	it("depends on the order of lists", () => {
		const keyOf = (list: readonly string[]) =>
			cacheKey({ ...CACHEABLE, request: { ...REQUEST, providerOptions: { list } } });
		expect(keyOf(["a", "b"])).not.toBe(keyOf(["b", "a"]));
	});

	it("counts all of a provider's option that is made to look like an image", () => {
		const keyOf = (data: string) =>
			cacheKey({ ...CACHEABLE, request: { ...REQUEST, providerOptions: { mask: { sha256: "same", data } } } });
		expect(keyOf("one")).not.toBe(keyOf("two"));
	});

	it("stays the same from release to release", () => {
		expect(cacheKey({ ...CACHEABLE, request: { ...REQUEST, seed: 7 } })).toBe(
			"0fb51f89d3a28ad9e368df978b6f396cd794cfe4f0b5b3abbd7bc844030f6090",
		);
	});
});

describe("which results are kept", () => {
	const seeded = { ...REQUEST, seed: 0 };
	const free = { ...TRAITS, billing: "free" } as const;

	it.each([
		["a seed", true, seeded, TRAITS, true],
		["no seed", true, REQUEST, TRAITS, false],
		["no seed, when that is allowed", "unseeded", REQUEST, TRAITS, true],
		["a seed, when it is off", false, seeded, TRAITS, false],
		["a seed at a free service", true, seeded, free, true],
		["a seed, made in this process for money", true, seeded, { ...TRAITS, runsIn: "process" }, true],
		["a seed, made in this process for nothing", "unseeded", seeded, { ...free, runsIn: "process" }, false],
	] as const)("with %s", (_what, mode, request, traits, expected) => {
		expect(isCacheable(mode, request, traits)).toBe(expected);
	});
});
