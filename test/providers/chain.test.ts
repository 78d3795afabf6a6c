import { describe, expect, it, onTestFinished } from "vitest";
import { isVideoError, type VideoResult } from "../../src/index.ts";
import { createScriptedService, type Fault, faults, type ScriptedService } from "../../src/testing/index.ts";
import { testService } from "../support/service.ts";
import { falDialect } from "./fal/dialect.ts";
import { SERVED_MODEL, videosDialect } from "./openai-videos/dialect.ts";
import { replicateDialect } from "./replicate/dialect.ts";

const CHAIN = [
	"fal:alibaba/wan-3.0/text-to-video",
	"replicate:kwaivgi/kling-v3-video",
	`openai-videos:${SERVED_MODEL}`,
	"local:animatic",
] as const;

interface Services {
	readonly fal: ScriptedService;
	readonly replicate: ScriptedService;
	readonly engine: ScriptedService;
	/** Asks the whole chain, and tells what the services have charged. */
	readonly generate: () => Promise<VideoResult>;
	readonly billed: () => readonly number[];
}

async function services(): Promise<Services> {
	const dialects = [falDialect, replicateDialect, videosDialect("vllm-omni")];
	const started = await Promise.all(dialects.map((dialect) => createScriptedService({ dialect })));
	onTestFinished(async () => void (await Promise.all(started.map((service) => service.close()))));
	const [fal, replicate, engine] = started as [ScriptedService, ScriptedService, ScriptedService];
	const env = {
		FAL_KEY: "fal-key-0123456789",
		FAL_BASE_URL: fal.baseUrl,
		REPLICATE_API_TOKEN: "r8_0123456789",
		REPLICATE_BASE_URL: replicate.baseUrl,
		OPENAI_VIDEOS_BASE_URL: engine.baseUrl,
		DEFAULT_TEXT_TO_VIDEO_MODEL: CHAIN[0],
		FALLBACK_TEXT_TO_VIDEO_MODELS: CHAIN.slice(1).join(","),
	};
	const { videos } = await testService({ env });
	const request = { prompt: "Waves", durationSeconds: 5 };
	return {
		fal,
		replicate,
		engine,
		generate: () => videos.textToVideo(request),
		billed: () => started.map((service) => service.billed),
	};
}

describe("a chain over three services and the embedded renderer", () => {
	it.each<[string, model: (typeof CHAIN)[number], billed: readonly number[], refusals: readonly (Fault | undefined)[]]>(
		[
			["everybody is well", CHAIN[0], [1, 0, 0], []],
			["the first is overloaded", CHAIN[1], [0, 1, 0], [faults.status(429)]],
			["two accounts are empty", CHAIN[2], [0, 0, 1], [faults.status(402), faults.status(402)]],
			["nobody takes it", CHAIN[3], [0, 0, 0], [faults.status(429), faults.status(401), faults.status(404)]],
		],
	)("ends where it can when %s", async (_when, model, billed, refusals) => {
		const chain = await services();
		for (const [index, service] of [chain.fal, chain.replicate, chain.engine].entries()) {
			service.every("submit", refusals[index]);
		}
		const video = await chain.generate();
		expect(video.model).toBe(model);
		expect(chain.billed()).toEqual(billed);
		const reached = CHAIN.indexOf(model);
		const told = video.attempts.map((attempt) => [attempt.model, attempt.outcome, attempt.billed]);
		expect(new Map(told.map(([name, ...rest]) => [name, rest])).size).toBe(reached + 1);
		expect(told.slice(0, -1).every(([, outcome, bill]) => outcome === "rejected" && bill === "no")).toBe(true);
		expect(told.at(-1)?.slice(0, 2)).toEqual([model, "accepted"]);
	});

	it("stays with the service that took the job, whatever its looks and downloads come to", async () => {
		const chain = await services();
		chain.fal.next("look", faults.status(500), faults.reset(), faults.html(), faults.status(429));
		chain.fal.next("result", faults.cut(10), faults.status(503), faults.reset());
		expect((await chain.generate()).model).toBe(CHAIN[0]);
		expect(chain.billed()).toEqual([1, 0, 0]);
		expect([chain.fal, chain.replicate, chain.engine].map(({ posts }) => posts)).toEqual([1, 0, 0]);
	});

	it("goes on from an engine's failure, which nobody bills, and not from a lost answer", async () => {
		const chain = await services();
		chain.fal.every("submit", faults.status(429));
		chain.replicate.every("submit", faults.status(402));
		chain.engine.script(
			{ state: "running" },
			{ state: "failed", failure: { kind: "internal", reason: "out of memory", billed: false } },
		);
		expect((await chain.generate()).model).toBe(CHAIN[3]);
		chain.engine.every("submit", faults.reset("after-commit"));
		const lost = await chain.generate().catch((error: unknown) => error);
		expect(isVideoError(lost) && [lost.code, lost.billed]).toEqual(["submit_unknown", "unknown"]);
		expect(chain.engine.posts).toBe(2);
	});
});
