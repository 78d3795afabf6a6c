import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/errors/index.ts";
import { DEFAULT_POLICIES, type PolicyOptions, policiesFor, resolvePolicies } from "../../src/policies/index.ts";

describe("policies", () => {
	it("are the defaults where nothing is set", () => {
		expect(resolvePolicies()).toEqual({ ...DEFAULT_POLICIES, providers: {}, models: {} });
	});

	it("change only where they are set, however deep", () => {
		const { breaker, pollMs, limits } = resolvePolicies({ breaker: { minimumCalls: 3 }, limits: { maxInFlight: 8 } });
		expect(breaker).toEqual({ ...DEFAULT_POLICIES.breaker, minimumCalls: 3 });
		expect([pollMs, limits]).toEqual([2_000, { maxInFlight: 8 }]);
	});

	it("take zero for a value and undefined for nothing", () => {
		const policies = resolvePolicies({
			submitRetries: 0,
			pollMs: undefined,
			quarantineMs: 0,
			breaker: { consecutiveFailures: 0, windowMs: undefined },
			limits: { maxInFlight: 0 },
			retryBudget: { tokens: 0 },
		});
		expect([policies.submitRetries, policies.quarantineMs, policies.limits.maxInFlight]).toEqual([0, 0, 0]);
		expect([policies.breaker.consecutiveFailures, policies.retryBudget.tokens]).toEqual([0, 0]);
		expect([policies.pollMs, policies.breaker.windowMs]).toEqual([2_000, 60_000]);
	});

	it("may differ by provider, and more so by model", () => {
		const policies = resolvePolicies({
			submitTimeoutMs: 1,
			providers: { fal: { submitTimeoutMs: 2, pollMs: 20 } },
			models: { "fal:a:b": { submitTimeoutMs: 3, breaker: { failureRatio: 0 } } },
		});
		const timeouts = [
			policiesFor(policies, "google", "veo"),
			policiesFor(policies, "fal"),
			policiesFor(policies, "fal", "other"),
			policiesFor(policies, "fal", "a:b"),
		].map(({ submitTimeoutMs, pollMs }) => [submitTimeoutMs, pollMs]);
		expect(timeouts).toEqual([
			[1, 2_000],
			[2, 20],
			[2, 20],
			[3, 20],
		]);
		const { breaker } = policiesFor(policies, "fal", "a:b");
		expect(breaker).toEqual({ ...DEFAULT_POLICIES.breaker, failureRatio: 0 });
	});

	it.each<[options: unknown, message: RegExp]>([
		[{ submitRetries: -1 }, /^policies\.submitRetries: -1 is not a whole number from 0 on/],
		[{ submitRetries: 1.5 }, /^policies\.submitRetries: 1\.5 is not a whole number/],
		[{ submitRetries: "2" }, /^policies\.submitRetries: "2" is not a whole number/],
		[{ lookTimeoutMs: Number.NaN }, /^policies\.lookTimeoutMs: NaN is not a time in milliseconds/],
		[{ pollMs: Number.POSITIVE_INFINITY }, /^policies\.pollMs: Infinity is not a time in milliseconds/],
		[{ breaker: { failureRatio: 1.01 } }, /^policies\.breaker\.failureRatio: 1\.01 is not a share from 0 to 1/],
		[{ breaker: 5 }, /^policies\.breaker: 5 is not an object/],
		[{ breaker: null }, /^policies\.breaker: null is not an object/],
		[{ limits: { maxInFlite: 5 } }, /^policies\.limits\.maxInFlite: there is no such policy; use one of maxInFlight, /],
		[{ retrys: 5 }, /^policies\.retrys: there is no such policy; use one of submitRetries, /],
		[{ fallbackOn: { refusal: 1 } }, /^policies\.fallbackOn\.refusal: 1 is not true or false/],
		[{ providers: { fal: { pollMs: -5 } } }, /^policies\.providers\.fal\.pollMs: -5 is not a time/],
		[{ models: { veo: {} } }, /^policies\.models\.veo: "veo" is no model reference; write provider:model/],
		[{ models: { "fal:x": { models: {} } } }, /^policies\.models\.fal:x\.models: there is no such policy/],
		["fast", /^policies: "fast" is not an object/],
	])("refuse %j and name the field, the problem and the remedy", (options, message) => {
		expect(() => resolvePolicies(options as PolicyOptions)).toThrow(ConfigurationError);
		expect(() => resolvePolicies(options as PolicyOptions)).toThrow(message);
	});
});
