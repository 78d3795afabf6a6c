import { describe, expect, it } from "vitest";
import { ConfigurationError, RateLimitError } from "../../src/errors/index.ts";
import { type PolicyOptions, resolvePolicies, SubmissionLimiter } from "../../src/policies/index.ts";
import { FAL, never, resilienceOf, times } from "./calls.ts";
import { settled, VirtualClock } from "./virtual-clock.ts";

const OTHER_MODEL = { provider: "fal", model: "y" };

function limiterOf(limits: PolicyOptions["limits"], more: PolicyOptions = {}) {
	const clock = new VirtualClock();
	const limiter = new SubmissionLimiter(resolvePolicies({ limits, ...more }), clock);
	const order: string[] = [];
	const releases: (() => void)[] = [];
	/** Asks for a place, and notes who got one. */
	const ask = (name: string, target = FAL, signal = never) => {
		const asked = limiter.acquire(target, signal).then((release) => {
			order.push(name);
			releases.push(release);
		});
		asked.catch(() => undefined);
		return asked;
	};
	return { clock, limiter, order, releases, ask };
}

describe("operations in flight", () => {
	it("are without limit where none is set", async () => {
		const { ask, order } = limiterOf({});
		for (let job = 0; job < 1_000; job++) void ask(`${job}`);
		await settled();
		expect(order).toHaveLength(1_000);
	});

	it("wait for a place in the order in which they came", async () => {
		const { ask, order, releases } = limiterOf({ maxInFlight: 2 });
		for (const name of ["a", "b", "c", "d", "e"]) void ask(name);
		await settled();
		expect(order).toEqual(["a", "b"]);
		releases[1]?.();
		await settled();
		expect(order).toEqual(["a", "b", "c"]);
		releases[0]?.();
		releases[2]?.();
		await settled();
		expect(order).toEqual(["a", "b", "c", "d", "e"]);
	});

	it("count once, however often a place is given back", async () => {
		const { ask, order, releases } = limiterOf({ maxInFlight: 1 });
		for (const name of ["a", "b", "c"]) void ask(name);
		await settled();
		for (let time = 0; time < 5; time++) releases[0]?.();
		await settled();
		expect(order).toEqual(["a", "b"]);
	});

	it("of a model that is full hold up no other model, and starve for none", async () => {
		const { ask, order, releases } = limiterOf({ maxInFlight: 3, maxInFlightPerModel: 1 });
		void ask("x1");
		void ask("x2");
		void ask("y1", OTHER_MODEL);
		void ask("y2", OTHER_MODEL);
		await settled();
		expect(order).toEqual(["x1", "y1"]);
		releases[0]?.();
		await settled();
		expect(order).toEqual(["x1", "y1", "x2"]);
	});

	it("of two models take turns at a full provider", async () => {
		const { ask, order, releases } = limiterOf({ maxInFlight: 1 });
		const names = ["x1", "y1", "x2", "y2"];
		for (const name of names) void ask(name, name.startsWith("x") ? FAL : OTHER_MODEL);
		for (let turn = 0; turn < 4; turn++) {
			await settled();
			releases[turn]?.();
		}
		expect(order).toEqual(names);
	});

	it("of another provider, or of another account, do not count", async () => {
		const { ask, order } = limiterOf({ maxInFlight: 1 });
		void ask("fal");
		void ask("google", { provider: "google", model: "x" });
		void ask("other account", { ...FAL, account: "22222222" } as typeof FAL);
		await settled();
		expect(order).toEqual(["fal", "google", "other account"]);
	});

	it("that are resumed take a place without waiting for one", async () => {
		const { limiter, ask, order } = limiterOf({ maxInFlight: 1 });
		const releases = [limiter.occupy(FAL), limiter.occupy(FAL)];
		void ask("new");
		releases[0]?.();
		await settled();
		expect(order).toEqual([]);
		releases[1]?.();
		await settled();
		expect(order).toEqual(["new"]);
	});

	it("may be limited by provider and by model", async () => {
		const { ask, order } = limiterOf(
			{ maxInFlight: 1 },
			{
				providers: { fal: { limits: { maxInFlight: 9 } } },
				models: { "fal:x": { limits: { maxInFlightPerModel: 2 } } },
			},
		);
		for (const name of ["x1", "x2", "x3"]) void ask(name);
		for (const name of ["y1", "y2", "y3"]) void ask(name, OTHER_MODEL);
		await settled();
		expect(order).toEqual(["x1", "x2", "y1", "y2", "y3"]);
	});
});

describe("a submission that waits", () => {
	it("leaves at once when it is aborted, and those behind it move up", async () => {
		const { ask, order, releases, limiter, clock } = limiterOf({ maxInFlight: 1 });
		const abort = new AbortController();
		void ask("a");
		const waiting = ask("b", FAL, abort.signal);
		void ask("c");
		await settled();
		abort.abort(new RangeError("enough"));
		await expect(waiting).rejects.toThrow("enough");
		releases[0]?.();
		await settled();
		expect(order).toEqual(["a", "c"]);
		releases[1]?.();
		expect(limiter.usage(FAL)).toEqual({ inFlight: 0, waiting: 0 });
		expect(clock.sleeping).toBe(0);
	});

	it("holds no place when it is aborted in the moment in which it gets one", async () => {
		const { limiter } = limiterOf({ maxInFlight: 1 });
		const first = await limiter.acquire(FAL, never);
		const abort = new AbortController();
		const second = limiter.acquire(FAL, abort.signal);
		first();
		abort.abort();
		const release = await second;
		release();
		expect(limiter.usage(FAL)).toEqual({ inFlight: 0, waiting: 0 });
	});

	it("does not begin to wait when it is aborted already", async () => {
		const { limiter } = limiterOf({});
		await expect(limiter.acquire(FAL, AbortSignal.abort(new RangeError("enough")))).rejects.toThrow("enough");
		expect(limiter.usage(FAL)).toEqual({ inFlight: 0, waiting: 0 });
	});

	it("leaves no listener on a signal that lives on", async () => {
		const { limiter } = limiterOf({ maxInFlight: 1 });
		const signal = new AbortController().signal;
		let listeners = 0;
		const add = signal.addEventListener.bind(signal);
		const remove = signal.removeEventListener.bind(signal);
		signal.addEventListener = (...given: Parameters<typeof add>) => {
			listeners++;
			add(...given);
		};
		signal.removeEventListener = (...given: Parameters<typeof remove>) => {
			listeners--;
			remove(...given);
		};
		for (let job = 0; job < 20; job++) (await limiter.acquire(FAL, signal))();
		expect(listeners).toBe(0);
	});

	it.each([
		[0, 1],
		[2, 3],
	])("is refused when %d wait already", async (maxWaiting, accepted) => {
		const { ask, limiter } = limiterOf({ maxInFlight: 1, maxWaiting });
		for (let job = 0; job < accepted; job++) void ask(`${job}`);
		await settled();
		expect(limiter.usage(FAL)).toEqual({ inFlight: 1, waiting: accepted - 1 });
		const refused = ask("too many");
		await expect(refused).rejects.toThrow(RateLimitError);
		await expect(refused).rejects.toThrow(
			/^fal: \d submissions wait .* policies\.limits\.maxWaiting allows; submit fewer/,
		);
		expect(limiter.usage(FAL).waiting).toBe(maxWaiting);
	});

	it.each(["maxInFlight", "maxInFlightPerModel", "submissionsPerMinute", "submissionsPerMinutePerModel"])(
		"is refused when %s is 0, as it would wait for ever",
		async (name) => {
			const { ask } = limiterOf({ [name]: 0 });
			await expect(ask("never")).rejects.toThrow(ConfigurationError);
			await expect(ask("never")).rejects.toThrow(`policies.limits.${name}: 0 lets nothing through to fal:x; raise it`);
		},
	);
});

describe("submissions a minute", () => {
	it("are never more in any 60 seconds, and as many as that", async () => {
		const { ask, clock } = limiterOf({ submissionsPerMinute: 10 });
		const sentAtMs: number[] = [];
		for (let job = 0; job < 35; job++) void ask(`${job}`).then(() => sentAtMs.push(clock.monotonic()));
		await clock.advance(180_000);
		expect(sentAtMs).toEqual([...times(10, 0), ...times(10, 60_000), ...times(10, 120_000), ...times(5, 180_000)]);
		expect(clock.sleeping).toBe(0);
	});

	it("count until a minute has passed, also when the place was given back", async () => {
		const { ask, clock, order, releases } = limiterOf({ submissionsPerMinutePerModel: 2 });
		void ask("a");
		await clock.advance(20_000);
		void ask("b");
		void ask("c");
		await settled();
		for (const release of releases) release();
		await clock.advance(39_999);
		expect(order).toEqual(["a", "b"]);
		await clock.advance(1);
		expect(order).toEqual(["a", "b", "c"]);
	});

	it("run by a clock that nobody sets", async () => {
		const { ask, clock, order } = limiterOf({ submissionsPerMinute: 1 });
		void ask("a");
		void ask("b");
		clock.setWallClock(3_600_000);
		await clock.advance(59_999);
		expect(order).toEqual(["a"]);
		clock.setWallClock(-7_200_000);
		await clock.advance(1);
		expect(order).toEqual(["a", "b"]);
	});

	it("leave no timer behind when nobody waits any more", async () => {
		const { ask, clock } = limiterOf({ submissionsPerMinute: 1 });
		const abort = new AbortController();
		void ask("a");
		const waiting = ask("b", FAL, abort.signal);
		await settled();
		expect(clock.sleeping).toBe(1);
		abort.abort();
		await expect(waiting).rejects.toThrow();
		expect(clock.sleeping).toBe(0);
	});

	it("wait for as long as a service asks with 429, for that model", async () => {
		const { resilience, run, clock } = resilienceOf();
		await run(new RateLimitError("slow down", { retryAfterMs: 8_000 })).catch(() => undefined);
		const order: string[] = [];
		void resilience.limiter.acquire(FAL, never).then(() => order.push("x"));
		void resilience.limiter.acquire(OTHER_MODEL, never).then(() => order.push("y"));
		await clock.advance(7_999);
		expect(order).toEqual(["y"]);
		await clock.advance(1);
		expect(order).toEqual(["y", "x"]);
	});

	it("go one by one after such a wait, until none came for a minute", async () => {
		const { ask, clock, order, limiter } = limiterOf({});
		limiter.hold(FAL, 8_000);
		for (const name of ["a", "b", "c"]) void ask(name);
		await clock.advance(8_000);
		expect(order).toEqual(["a"]);
		await clock.advance(79);
		expect(order).toEqual(["a"]);
		await clock.advance(1);
		expect(order).toEqual(["a", "b"]);
		await clock.advance(80);
		await clock.advance(60_081);
		for (const name of ["d", "e", "f"]) void ask(name);
		await settled();
		expect(order).toEqual(["a", "b", "c", "d", "e", "f"]);
		expect(clock.sleeping).toBe(0);
	});

	it("do not wait for years because a service asks for it", async () => {
		const { resilience, run, clock } = resilienceOf();
		await run(new RateLimitError("slow down", { retryAfterMs: 999_999_999_000 })).catch(() => undefined);
		const waiting = resilience.limiter.acquire(FAL, never);
		await clock.advance(60_000);
		await expect(waiting).resolves.toBeTypeOf("function");
	});
});
