import type { ProviderRequest, StartContext } from "../../../src/provider-kit/index.ts";

/** A small, short request; `changes` are laid over it. */
export function smallRequest(changes: Partial<ProviderRequest> = {}): ProviderRequest {
	return {
		task: "text-to-video",
		model: "animatic",
		prompt: "A red kite over the sea at dawn",
		resolution: "160x90",
		fps: 12,
		durationSeconds: 1,
		providerOptions: {},
		...changes,
	};
}

/** What the core hands to a provider; `fetch` must not be used. */
export function testContext(signal: AbortSignal = new AbortController().signal): StartContext {
	return {
		signal,
		fetch: () => Promise.reject(new TypeError("the local provider needs no network")),
		jobId: "job-1",
		idempotencyKey: "key-1",
		recordMark: async () => undefined,
	};
}
