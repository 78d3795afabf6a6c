import { ProviderError } from "../../src/errors/index.ts";
import { type CallStage, type PolicyOptions, Resilience, resolvePolicies } from "../../src/policies/index.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** The model that the tests call. */
export const FAL = { provider: "fal", model: "x" };

/** A signal that is never aborted. */
export const never = new AbortController().signal;

/** What a call throws when the service is down. */
export const down = () => new ProviderError("down", { status: 503, retryable: true });

/** A resilience layer on a clock that stands still. */
export function resilienceOf(options: PolicyOptions = {}, clock = new VirtualClock()) {
	const resilience = new Resilience({ policies: resolvePolicies(options), clock });
	const run = (error?: unknown, stage: CallStage = "submit", target = FAL) =>
		resilience.run(
			stage,
			target,
			async () => {
				if (error !== undefined) throw error;
				return "done";
			},
			never,
		);
	/** Makes calls, one after the other, and drops what comes of them. */
	const runAll = async (errors: readonly unknown[], stage: CallStage = "submit") => {
		for (const error of errors) await run(error, stage).catch(() => undefined);
	};
	const stateOf = (stage: CallStage = "submit") =>
		resilience.health().find(({ model }) => model === "fal:x")?.stages[stage].state;
	return { resilience, clock, run, runAll, stateOf };
}

/** `count` times the same. */
export function times<Value>(count: number, value: Value): readonly Value[] {
	return Array.from({ length: count }, () => value);
}
