import { describe, expect, it } from "vitest";
import { ProviderError } from "../../src/index.ts";
import type { OperationStatus } from "../../src/provider/index.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { EVERYTHING, FakeProvider, fail } from "../support/fake-provider.ts";
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

/** What a service sleeps, and when it gives up, while the wall clock is set after its second look. */
async function looksWith(setByMs: number): Promise<readonly unknown[]> {
	const clock = new SettableClock();
	const set = () => {
		clock.setByMs = setByMs;
		return running();
	};
	const looks = [running, set, fail(new TypeError("reset")), running, fail(new TypeError("reset")), running];
	const tasks = ["text-to-video"] as const;
	const models = [{ id: "one", tasks, options: EVERYTHING, typicalGenerationMs: 60_000 }];
	const { videos } = await testService({ clock, providers: [new FakeProvider({ models, looks })] });
	const job = await videos.submit({ prompt }, { model: "fake:one" });
	const ended = await job.wait({ timeoutMs: 90_000 }).catch((error: unknown) => error);
	return [ended, clock.monotonic(), clock.sleeps];
}

describe.each([
	["forward", HOUR_MS],
	["back", -HOUR_MS],
])("a wall clock that is set %s by an hour in the middle of a job", (_where, setByMs) => {
	it("moves neither its looks, nor its waits after an error, nor its deadline", async () => {
		const [ended, ...times] = await looksWith(setByMs);
		expect(ended).toMatchObject({ code: "still_running" });
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
