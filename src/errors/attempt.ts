import type { Billed } from "../provider/index.ts";

/**
 * How a submission ended. `accepted`: the service has it. `rejected`: provably not. `unknown`: it was
 * sent and no answer came. `skipped`: nothing was sent, because the model could not serve the request.
 */
export type AttemptOutcome = "accepted" | "rejected" | "unknown" | "skipped";

/** One model of the chain and what came of it. */
export interface Attempt {
	/** The model reference, `provider:model`. */
	readonly model: string;
	/** How the submission ended. */
	readonly outcome: AttemptOutcome;
	/** Whether this attempt cost money. */
	readonly billed: Billed;
	/** The `code` of the error that ended it; absent while it runs and after success. */
	readonly errorCode?: string;
	/** Why it was skipped, rejected or failed, in one sentence. */
	readonly reason?: string;
	/** When the submission was sent, ISO 8601 in UTC. */
	readonly submittedAt?: string;
}
