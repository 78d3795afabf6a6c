import { describe, expect, it } from "vitest";
import { ProviderError, RateLimitError, type VideoError } from "../../src/errors/index.ts";
import { type PolicyOptions, Resilience, resolvePolicies, retrySubmission } from "../../src/policies/index.ts";
import { FAL, never } from "./calls.ts";
import { retriesStarted, VirtualClock } from "./virtual-clock.ts";

const JOBS = 1_000;
/** Time moves in steps of this, in milliseconds: within one step, retries may begin late by as much. */
const STEP_MS = 100;

/** The breaker would hide what the budget and the jitter do. */
const noBreaker = { breaker: { consecutiveFailures: 0, windowMs: 0 } };
const endlessBudget = { retryBudget: { tokens: 10_000 } };
const shortPause = { breaker: { halfOpenAfterMs: 3_000 } };

/** Numbers that look random and are the same in every run. */
function seeded(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

interface Storm {
	readonly options?: PolicyOptions;
	/** Over how many milliseconds the jobs arrive. */
	readonly spreadMs: number;
	/** How many milliseconds to watch. */
	readonly untilMs: number;
	/** How long the service takes to answer, in milliseconds. */
	readonly latencyMs?: number;
	/** What the service answers to a request that came at that time; nothing when it is well. */
	answer(atMs: number): VideoError | undefined;
}

/** A thousand jobs against one service: when each request came, and what each job saw at its end. */
async function runStorm({ options = {}, spreadMs, untilMs, latencyMs = 0, answer }: Storm) {
	const clock = new VirtualClock();
	const random = seeded(7);
	const policies = resolvePolicies(options);
	const resilience = new Resilience({ policies, clock });
	const requestsAtMs: number[] = [];
	const ends: { readonly atMs: number; readonly isOk: boolean }[] = [];
	const request = async () => {
		const atMs = clock.monotonic();
		requestsAtMs.push(atMs);
		if (latencyMs > 0) await clock.sleep(latencyMs);
		const error = answer(atMs);
		if (error !== undefined) throw error;
	};
	const job = async (arrivesMs: number) => {
		await clock.sleep(arrivesMs);
		const submission = retrySubmission(
			async () => {
				const release = await resilience.limiter.acquire(FAL, never);
				try {
					await resilience.run("submit", FAL, request, never);
				} finally {
					release();
				}
			},
			(error) => resilience.adviseSubmission(FAL, error),
			policies,
			random,
			never,
			{ clock, budget: resilience.budget(FAL) },
		);
		const isOk = await submission.then(
			() => true,
			() => false,
		);
		ends.push({ atMs: clock.monotonic(), isOk });
	};
	for (let index = 0; index < JOBS; index++) void job((index * spreadMs) / JOBS);
	for (let atMs = 0; atMs < untilMs; atMs += STEP_MS) {
		await clock.advance(STEP_MS);
		await retriesStarted();
	}
	return { requestsAtMs, ends, resilience };
}

/** How many of the times fall into each step of `widthMs`, from `fromMs` on. */
function histogram(timesMs: readonly number[], fromMs: number, widthMs: number): readonly number[] {
	const counts: number[] = [];
	for (const atMs of timesMs.filter((time) => time >= fromMs)) {
		const step = Math.floor((atMs - fromMs) / widthMs);
		counts[step] = (counts[step] ?? 0) + 1;
	}
	return Array.from(counts, (count) => count ?? 0);
}

function sum(counts: readonly number[]): number {
	return counts.reduce((total, count) => total + count, 0);
}

const down = () => new ProviderError("down", { status: 503, retryable: true });

describe("a storm of 1,000 jobs against a failing service", () => {
	it("costs it no more than a fifth more requests than jobs, by the retry budget alone", async () => {
		const { requestsAtMs, ends } = await runStorm({
			options: noBreaker,
			spreadMs: 10_000,
			untilMs: 20_000,
			answer: down,
		});
		expect(ends).toHaveLength(JOBS);
		expect(requestsAtMs.length).toBeGreaterThanOrEqual(JOBS);
		expect(requestsAtMs.length).toBeLessThanOrEqual(1.2 * JOBS);
	});

	it("is over after as many requests as the breaker allows, and then one a pause", async () => {
		const { requestsAtMs, ends } = await runStorm({
			options: shortPause,
			spreadMs: 10_000,
			untilMs: 12_000,
			answer: down,
		});
		expect(ends).toHaveLength(JOBS);
		// Five failures in a row open it, in the first 50 ms; then come the probes, each 3 s after the last failure.
		expect(requestsAtMs.filter((atMs) => atMs < 3_000)).toHaveLength(5);
		expect(requestsAtMs).toHaveLength(8);
	});

	it("ends within one pause of the breaker after the service has recovered", async () => {
		const recoversMs = 4_000;
		const { requestsAtMs, ends, resilience } = await runStorm({
			options: shortPause,
			spreadMs: 10_000,
			untilMs: 12_000,
			answer: (atMs) => (atMs < recoversMs ? down() : undefined),
		});
		const firstOkMs = Math.min(...ends.filter(({ isOk }) => isOk).map(({ atMs }) => atMs));
		expect(firstOkMs).toBeGreaterThanOrEqual(recoversMs);
		expect(firstOkMs).toBeLessThanOrEqual(recoversMs + 3_000);
		const later = ends.filter(({ atMs }) => atMs > firstOkMs);
		expect(later.length).toBeGreaterThan(300);
		expect(later.every(({ isOk }) => isOk)).toBe(true);
		expect(requestsAtMs.length).toBeLessThan(JOBS);
		expect(resilience.admit(FAL)).toEqual({ admitted: true });
	});

	it("comes back spread over time, not in one peak", async () => {
		const { requestsAtMs } = await runStorm({
			options: { ...noBreaker, ...endlessBudget, submitRetries: 1 },
			spreadMs: 0,
			untilMs: 2_000,
			answer: down,
		});
		const retries = histogram(requestsAtMs.slice(JOBS), 0, 100);
		expect(sum(retries)).toBe(JOBS);
		// Full jitter over the first second: ten steps of about a hundred.
		expect(Math.max(...retries)).toBeLessThan(0.15 * JOBS);
	});

	it.each([
		["that were all on their way when it did", 50, 2 * JOBS],
		["of which one heard it before the others were sent", 0, JOBS + 1],
	])(
		"does not come back in step because the service named one time for all, %s",
		async (_what, latencyMs, requests) => {
			const busy = new RateLimitError("busy", { retryable: true, retryAfterMs: 1_000 });
			const { requestsAtMs, ends } = await runStorm({
				options: { ...endlessBudget, submitRetries: 1 },
				spreadMs: 0,
				untilMs: 13_000,
				latencyMs,
				answer: (atMs) => (atMs < 500 ? busy : undefined),
			});
			expect(requestsAtMs).toHaveLength(requests);
			expect(ends.filter(({ isOk }) => isOk)).toHaveLength(JOBS);
			const retriesAtMs = requestsAtMs.slice(requests - JOBS);
			expect(Math.min(...retriesAtMs)).toBeGreaterThanOrEqual(1_000);
			expect(Math.max(...histogram(retriesAtMs, 1_000, 100))).toBeLessThan(0.15 * JOBS);
		},
	);
});
