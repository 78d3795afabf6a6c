import type { Attempt } from "../errors/index.ts";
import type { CallTarget, FallbackSettings } from "../policies/index.ts";
import type { ModelCapabilities, ProviderRequest, VideoProvider, VideoTask } from "../provider/index.ts";
import type { ModelReference } from "../routing/index.ts";

/** A model that can serve the request, with the request fitted to it. */
export interface Candidate {
	readonly reference: ModelReference;
	readonly provider: VideoProvider;
	readonly capabilities: ModelCapabilities | undefined;
	readonly request: ProviderRequest;
	/** What was changed to fit the request, in words. */
	readonly warnings: readonly string[];
	/** What it should cost by the list price, in US dollars; absent when no price is known. */
	readonly estimatedCostUsd?: number;
	/** Where its video goes in the cache; absent when it is not kept. */
	readonly cacheKey?: string;
}

/** Everything that a new job needs: decided before anything is sent. */
export interface JobPlan {
	readonly id: string;
	readonly task: VideoTask;
	/** In the order in which they are tried; never empty. */
	readonly candidates: readonly [Candidate, ...Candidate[]];
	/** Models of the chain that cannot serve the request, with the reason. */
	readonly skipped: readonly Attempt[];
	readonly idempotencyKey: string;
	readonly inputHash: string;
	/** Whether it takes up a job that was recorded before: nothing may be sent for it. */
	readonly isResumed: boolean;
	/** What else may lead to the next model; absent leaves it to the policies. */
	readonly fallbackOn?: FallbackSettings | undefined;
	/** Whether the user allows another submission after one that may have been billed. */
	readonly allowSecondSubmission: boolean;
	/** What the user should know whatever model serves it. */
	readonly warnings: readonly string[];
}

/** Where a candidate's calls go, as the policies know it. */
export function targetOf({ reference, provider }: Candidate): CallTarget {
	return { provider: reference.provider, model: reference.model, account: provider.account };
}
