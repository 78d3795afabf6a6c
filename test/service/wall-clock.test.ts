import { describe, expect, it } from "vitest";
import { OperationNotFoundError, ProviderError } from "../../src/index.ts";
import type { OperationStatus } from "../../src/provider/index.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { EVERYTHING, FakeProvider, fail, SUCCEEDED } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";

const HOUR_MS = 3_600_000;
const prompt = "a kite";
const running = (): OperationStatus => ({ state: "running" });
const down = fail(
	new ProviderError("the service is down", { phase: "submit", billed: "no", status: 503, retryable: true }),
);

/** A clock whose wall clock somebody sets. */
class SettableClock extends FakeClock {
	setByMs = 0;

	override now(): number {
		return super.now() + this.setByMs;
	}
}

/** What comes of a job, and what is slept for it, while the wall clock is set after its third look. */
async function looksWith(setByMs: number): Promise<readonly unknown[]> {
	const clock = new SettableClock();
	const missing = fail(new OperationNotFoundError("there is no such job"));
	const set = () => {
		clock.setByMs = setByMs;
		return missing();
	};
	const reset = fail(new TypeError("reset"));
	const looks = [running, missing, set, reset, running, missing, reset, running, () => SUCCEEDED];
	const tasks = ["text-to-video"] as const;
	const models = [{ id: "one", tasks, options: EVERYTHING, typicalGenerationMs: 60_000 }];
	const { videos } = await testService({ clock, providers: [new FakeProvider({ models, looks })] });
	const job = await videos.submit({ prompt }, { model: "fake:one" });
	const ended = await job.wait().catch((error: unknown) => error);
	return [ended, clock.monotonic(), clock.sleeps];
}

describe.each([
	["forward", HOUR_MS],
	["back", -HOUR_MS],
])("a wall clock that is set %s by an hour in the middle of a job", (_where, setByMs) => {
	it("moves neither its looks nor its waits after an error, and loses no patience", async () => {
		const [ended, ...times] = await looksWith(setByMs);
		expect(ended).toMatchObject({ model: "fake:one", sizeBytes: expect.any(Number) });
		expect(times).toEqual((await looksWith(0)).slice(1));
	});

	it("opens and closes no breaker", async () => {
		const clock = new SettableClock();
		const first = new FakeProvider({ id: "first", starts: [down] });
		const policies = {
			submitTimeoutMs: 0,
			lookTimeoutMs: 0,
			submitRetries: 0,
			breaker: { consecutiveFailures: 1, halfOpenAfterMs: 30_000 },
		};
		const { videos } = await testService({ clock, policies, providers: [first, new FakeProvider({ id: "second" })] });
		const submit = () => videos.submit({ prompt }, { model: "first:one", fallbacks: ["second:one"] });
		await submit();
		clock.setByMs = setByMs;
		await clock.sleep(29_000);
		await submit();
		expect(first.posts).toBe(1);
		await clock.sleep(1_000);
		await submit();
		expect(first.posts).toBe(2);
	});
});
