import { describe, expect, it } from "vitest";
import {
	isVideoError,
	ModelRetiredError,
	NoModelAvailableError,
	ProviderError,
	RateLimitError,
	type VideoError,
	type VideoProvider,
} from "../../src/index.ts";
import { FakeProvider, fail } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";

const prompt = "Waves";
const NOWHERE = "http://no-such-host.invalid/v1/jobs";
const UNREACHED = "(fetch failed: ENOTFOUND); nothing was sent, nothing was billed";

/** A service whose host is not known. */
function unreachable(id: string): VideoProvider {
	const provider = new FakeProvider({ id });
	provider.start = async (_request, { fetch }) => {
		await fetch(NOWHERE, { method: "POST", body: "{}" });
		return { handle: null };
	};
	return provider;
}

async function errorOf(
	providers: readonly VideoProvider[],
	model: string,
	...fallbacks: string[]
): Promise<VideoError> {
	const { videos } = await testService({ providers });
	const error = await videos.textToVideo({ prompt }, { model, fallbacks }).catch((reason: unknown) => reason);
	if (!isVideoError(error)) throw error;
	return error;
}

describe("a chain of which no model made the video", () => {
	it("ends with the only model's own last error, however often it was tried", async () => {
		const error = await errorOf([unreachable("fake")], "fake:one");
		expect(error).toBeInstanceOf(ProviderError);
		expect(error).toMatchObject({
			message: `fake:one could not be reached ${UNREACHED}`,
			billed: "no",
			model: "fake:one",
			attempts: Array(3).fill({ model: "fake:one", outcome: "rejected", billed: "no" }),
		});
	});

	it("keeps the class of that error, and what it says of waiting", async () => {
		const busy = fail(new RateLimitError("slow down", { retryable: true, retryAfterMs: 5 }));
		const error = await errorOf([new FakeProvider({ starts: [busy] })], "fake:one");
		expect(error).toBeInstanceOf(RateLimitError);
		expect(error).toMatchObject({ message: "slow down", retryAfterMs: 5, retryable: true });
		expect(error.attempts).toHaveLength(3);
	});

	it("says of each model once why it failed at last, and how often it was tried", async () => {
		const error = await errorOf([unreachable("fake"), unreachable("other")], "fake:one", "other:one");
		expect(error).toBeInstanceOf(NoModelAvailableError);
		expect(error.message).toBe(
			"no model could make the video. " +
				`fake:one could not be reached ${UNREACHED} (3 tries) · ` +
				`other:one could not be reached ${UNREACHED} (3 tries)`,
		);
		expect(error.attempts).toHaveLength(6);
	});

	it("is told in one line, which names a model beside a reason that does not", async () => {
		const retired = new FakeProvider({ starts: [fail(new ModelRetiredError("gone\n  for good"))] });
		const { message } = await errorOf([retired], "fake:one", "fake:two");
		expect(message).toBe("no model could make the video. fake:one: gone for good · fake:two: gone for good");
	});

	it("counts no try for which a model had no place", async () => {
		const limits = { submissionsPerMinute: 1, maxWaiting: 0 };
		const providers = [unreachable("fake"), unreachable("other")];
		const { videos } = await testService({ providers, policies: { submitBackoffMs: 1, submitTimeoutMs: 0, limits } });
		const error = await videos
			.textToVideo({ prompt }, { model: "fake:one", fallbacks: ["other:one"] })
			.catch((reason: unknown) => reason);
		expect(error).toMatchObject({
			attempts: [{ outcome: "rejected" }, { outcome: "skipped" }, { outcome: "rejected" }, { outcome: "skipped" }],
		});
		expect(String(error)).not.toContain("tries");
	});
});
