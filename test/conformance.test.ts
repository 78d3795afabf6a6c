import { describe, expect, it, vi } from "vitest";
import { createStudioProvider, type StudioOptions } from "../examples/http-provider.ts";
import { createLocalProvider } from "../providers/local/index.ts";
import { defineProvider, OperationNotFoundError } from "../src/index.ts";
import type { JsonValue, OperationStatus, ProviderRequest } from "../src/provider/index.ts";
import { type ContractCase, contractCases, studioDialect, TINY_IMAGE, TINY_VIDEO } from "../src/testing/index.ts";
import { FakeProvider } from "./support/fake-provider.ts";

// The examples import reelay by its name; here the sources are behind it, as nothing is built yet.
vi.mock("reelay/provider-kit", () => import("../src/provider-kit/index.ts"));

const request: ProviderRequest = {
	task: "text-to-video",
	model: "animatic",
	prompt: "Waves",
	durationSeconds: 1,
	fps: 4,
	resolution: "160x90",
	providerOptions: {},
};

describe("local keeps the contract: it", () => {
	const cases = contractCases({
		create: () => createLocalProvider({ credentials: {}, variables: {} }),
		request,
		options: { seed: 0, quality: "low", aspectRatio: "16:9", fps: 1, durationSeconds: 1.5, resolution: "90x160" },
	});
	for (const { name, run } of cases) it(name, run);
});

describe("a provider of one function keeps the contract: it", () => {
	const create = () => defineProvider({ id: "clips", textToVideo: async () => TINY_VIDEO });
	for (const { name, run } of contractCases({ create, request })) it(name, run);
});

describe.each<Omit<StudioOptions, "baseUrl" | "apiKey">>([
	{ idempotency: "none", lookup: "list" },
	{ idempotency: "replay", lookup: "client-id" },
	{ idempotency: "reject", lookup: "none" },
])("the sample HTTP provider (key: $idempotency, lookup: $lookup) keeps the contract: it", (promises) => {
	const cases = contractCases({
		create: (target) => createStudioProvider({ ...target, ...promises }),
		dialect: studioDialect,
		request: { ...request, task: "image-to-video", image: TINY_IMAGE },
	});
	for (const { name, run } of cases) it(name, run);
});

describe("the contract's cases", () => {
	const status = async (handle: JsonValue): Promise<OperationStatus> => {
		if (typeof handle === "object" && handle !== null && "operation" in handle) return { state: "running" };
		throw new OperationNotFoundError("no such operation");
	};
	const failing = async (provider: FakeProvider, filter: RegExp): Promise<unknown> => {
		const cases = contractCases({ create: () => provider, request, timeoutMs: 50 });
		const found = cases.find(({ name }: ContractCase) => filter.test(name));
		return found?.run().then(
			() => undefined,
			(error: unknown) => error,
		);
	};

	it("notice a trait without its call", async () => {
		const provider = new FakeProvider({ traits: { cancel: "remote" } });
		expect(await failing(provider, /offers the calls/)).toBeInstanceOf(Error);
	});

	it("notice a handle that does not survive JSON, or is too large", async () => {
		for (const handle of [{ at: new Date(0) }, "x".repeat(600)]) {
			const provider = Object.assign(new FakeProvider(), { start: async () => ({ handle }) });
			expect(await failing(provider, /small handle/)).toBeInstanceOf(Error);
		}
	});

	it("notice a hostile handle that is taken at its word", async () => {
		expect(await failing(new FakeProvider(), /refuses the handle "\.\.\/\.\.\/admin"/)).toBeInstanceOf(Error);
		const strict = Object.assign(new FakeProvider(), { status });
		expect(await failing(strict, /refuses the handle "\.\.\/\.\.\/admin"/)).toBeUndefined();
	});

	it("notice progress that falls", async () => {
		const looks = [0.5, 0.2].map((progress) => () => ({ state: "running", progress }) as const);
		expect(await failing(new FakeProvider({ looks }), /progress/)).toBeInstanceOf(Error);
	});
});
