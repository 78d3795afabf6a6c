import { stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { InputError, ProviderError, type VideoRequest } from "../../src/index.ts";
import type { JsonValue, OperationStatus, ProviderRequest, StartResult } from "../../src/provider/index.ts";
import { FakeProvider, fail, SUCCEEDED } from "../support/fake-provider.ts";
import { filesIn, testService } from "../support/service.ts";

/** What becomes of the items with these prompts; all others succeed. */
interface Fate {
	readonly start?: () => void;
	readonly look?: OperationStatus;
}

const PAGE = Buffer.from("<!doctype html><title>Bad gateway</title>");
const FATES: Readonly<Record<string, Fate>> = {
	"3": { look: { state: "failed", kind: "refused", reason: "no birds, please", billed: "no" } },
	"10": { start: fail(new InputError("prompt", "422: not like this")) },
	"17": { start: fail(new ProviderError("500: it broke before anything began", { status: 500 })) },
	"24": { start: fail(new TypeError("fetch failed")) },
	"31": { look: { state: "failed", kind: "expired", reason: "its day is over", billed: "yes" } },
	"38": { look: { state: "succeeded", assets: [{ kind: "bytes", data: PAGE }] } },
	"45": { look: { state: "running" } },
};

/** A paid service whose items go the way of their prompts. */
class FatefulProvider extends FakeProvider {
	override async start({ prompt }: ProviderRequest): Promise<StartResult> {
		this.posts++;
		FATES[prompt]?.start?.();
		this.billed++;
		return { handle: { prompt } };
	}

	override async status(handle?: JsonValue): Promise<OperationStatus> {
		const { prompt } = handle as { readonly prompt: string };
		return FATES[prompt]?.look ?? SUCCEEDED;
	}
}

function prompts(count: number): readonly VideoRequest[] {
	return Array.from({ length: count }, (_, index) => ({ prompt: String(index + 1) }));
}

describe("a batch of 50 of which 7 fail in 7 ways", () => {
	it("gives 43 videos, and says of each of the others what happened and what it cost", async () => {
		const provider = new FatefulProvider();
		const { videos, folder } = await testService({ providers: [provider], textToVideo: { model: "fake:one" } });
		const items = prompts(50).map((request) =>
			request.prompt === "45" ? { request, options: { timeoutMs: 0 } } : request,
		);
		const batch = await videos.batch(items, { concurrency: 5 });
		expect(batch).toMatchObject({ total: 50, successful: 43, failed: 7, successRate: 0.86 });
		expect(batch.totalMs).toBeGreaterThan(0);
		expect(batch.results.map(({ index }) => index)).toEqual(Array.from({ length: 50 }, (_, index) => index));
		expect(provider).toMatchObject({ posts: 50, billed: 47 });

		const told = batch
			.failures()
			.map(({ index, status, error }) => [
				index + 1,
				status,
				error.code,
				error.phase,
				error.billed,
				error.token === undefined ? "no token" : "token",
			]);
		expect(told).toEqual([
			[3, "rejected", "content_refused", "poll", "no", "token"],
			[10, "rejected", "invalid_input", "input", "no", "no token"],
			[17, "rejected", "provider_error", "submit", "no", "no token"],
			[24, "rejected", "submit_unknown", "submit", "unknown", "no token"],
			[31, "rejected", "operation_not_found", "poll", "yes", "token"],
			[38, "rejected", "bad_media", "media", "yes", "token"],
			[45, "rejected", "still_running", "poll", "yes", "token"],
		]);
		for (const { error } of batch.failures()) expect(error.attempts).toHaveLength(1);

		const successes = batch.successes();
		expect(successes.every(({ status }) => status === "fulfilled")).toBe(true);
		expect(batch.results).toEqual(
			[...successes, ...batch.failures()].toSorted((one, other) => one.index - other.index),
		);
		const paths = successes.map(({ video }) => video.path);
		expect(new Set(paths).size).toBe(43);
		for (const { video } of successes) expect((await stat(video.path)).size).toBe(video.sizeBytes);
		// Nothing is left of the others, not even in part.
		expect((await filesIn(folder)).length).toBe(43);
	});
});

describe("a stream of 2,000 items", () => {
	it("is read no further ahead than a few items, so it takes constant memory", async () => {
		// All but twenty are refused: what is told of them is what would pile up, and it takes no disk.
		const refuse = fail(new InputError("prompt", "not like this"));
		const starts = Array.from({ length: 2000 }, (_, index) => (index % 100 === 0 ? () => undefined : refuse));
		const provider = new FakeProvider({ starts });
		const { videos } = await testService({ providers: [provider], textToVideo: { model: "fake:one" } });
		let read = 0;
		let mostAhead = 0;
		let taken = 0;
		let successful = 0;
		function* items(): Generator<VideoRequest> {
			while (read < 2000) {
				read++;
				mostAhead = Math.max(mostAhead, read - taken);
				yield { prompt: String(read) };
			}
		}
		for await (const entry of videos.batchStream(items(), { concurrency: 5 })) {
			taken++;
			if (entry.status === "fulfilled") successful++;
		}
		expect([read, taken, successful, provider.posts]).toEqual([2000, 2000, 20, 2000]);
		// Five run, four times as many wait or have ended, and one is being read.
		expect(mostAhead).toBeGreaterThan(5);
		expect(mostAhead).toBeLessThanOrEqual(5 + 4 * 5 + 1);
	}, 120_000);
});
