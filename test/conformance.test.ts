import { describe, expect, it } from "vitest";
import { createLocalProvider } from "../providers/local/index.ts";
import { OperationNotFoundError } from "../src/index.ts";
import type { JsonValue, OperationStatus, ProviderRequest } from "../src/provider/index.ts";
import { type ContractCase, contractCases } from "../src/testing/index.ts";
import { FakeProvider } from "./support/fake-provider.ts";

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
