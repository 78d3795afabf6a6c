import { CancelledError } from "../errors/index.ts";
import type { Fetch } from "../provider/index.ts";

/** A `fetch` that heeds the caller's abort, and what came of it. */
export interface HeedfulFetch {
	readonly fetch: Fetch;
	/** Whether the abort came before anything that could be a submission went out by this `fetch`. */
	readonly wasStopped: boolean;
}

/**
 * Lets an abort count as long as nothing that could be a submission has gone out: a look before it (`GET`, `HEAD`)
 * ends, and the submission itself is refused with `CancelledError`. From then on the signal is not heeded: an answer
 * that may be paid for is worth the wait.
 */
export function heedUntilSent(fetch: Fetch, signal: AbortSignal): HeedfulFetch {
	let wasAsked = false;
	let hasSent = false;
	return {
		get wasStopped() {
			return wasAsked && !hasSent && signal.aborted;
		},
		async fetch(input, init) {
			if (hasSent) return fetch(input, init);
			wasAsked = true;
			const request = input instanceof Request ? input : undefined;
			const method = (init?.method ?? request?.method ?? "GET").toUpperCase();
			if (method !== "GET" && method !== "HEAD") {
				if (signal.aborted) throw new CancelledError("cancelled before anything was sent", { cause: signal.reason });
				hasSent = true;
				return fetch(input, init);
			}
			const own = init?.signal ?? request?.signal;
			const either = own === undefined || own === null ? signal : AbortSignal.any([own, signal]);
			return fetch(input, { ...init, signal: either });
		},
	};
}
