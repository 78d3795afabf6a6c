import { describe, expect, it } from "vitest";
import type { SubmitUnknownError } from "../../src/index.ts";
import { FakeProvider, fail } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";

async function errorAfter(thrown: unknown): Promise<SubmitUnknownError> {
	const { videos } = await testService({ providers: [new FakeProvider({ starts: [fail(thrown)] })] });
	return videos.textToVideo({ prompt: "Waves" }, { model: "fake:one" }).then(
		() => Promise.reject(new TypeError("a video was made")),
		(error: SubmitUnknownError) => error,
	);
}

describe("the error of a submission whose answer was lost", () => {
	it("says in one line what happened, what it may have cost, and the one command that settles it", async () => {
		const { message, jobId, evidence } = await errorAfter(new TypeError("socket\n  hang up"));
		expect(message).toBe(
			"the submission to fake:one may have been accepted and billed: socket hang up; " +
				`to find out and go on, run: reelay resolve ${jobId}`,
		);
		expect(evidence).toEqual({
			submittedAt: "2026-11-21T00:00:00.000Z",
			model: "fake:one",
			idempotencyKey: expect.stringMatching(/^[0-9a-f-]{36}$/),
			received: "socket\n  hang up",
		});
	});
});
