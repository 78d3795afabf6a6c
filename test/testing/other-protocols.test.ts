import { describe, it, vi } from "vitest";
import type { ProviderRequest } from "../../src/provider/index.ts";
import { contractCases } from "../../src/testing/index.ts";
import {
	behindKeyDialect,
	createBehindKeyProvider,
	createOperationsProvider,
	createQueueProvider,
	operationsDialect,
	queueDialect,
} from "./other-protocols.ts";

vi.mock("reelay/provider-kit", () => import("../../src/provider-kit/index.ts"));

const request: ProviderRequest = { task: "text-to-video", model: "any", prompt: "Waves", providerOptions: {} };

describe("the contract's cases fit a queue with results of their own: it", () => {
	const cases = contractCases({ create: createQueueProvider, dialect: queueDialect, request });
	for (const { name, run } of cases) it(name, run);
});

describe("the contract's cases fit operations that hold the video: it", () => {
	const cases = contractCases({ create: createOperationsProvider, dialect: operationsDialect, request });
	for (const { name, run } of cases) it(name, run);
});

describe("the contract's cases fit videos that are named, and behind the key: it", () => {
	const cases = contractCases({ create: createBehindKeyProvider, dialect: behindKeyDialect, request });
	for (const { name, run } of cases) it(name, run);
});
