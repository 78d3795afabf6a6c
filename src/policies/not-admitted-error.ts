import { ProviderError } from "../errors/index.ts";
import type { CallStage, CallTarget } from "./call-stage.ts";

/** Why nothing may be sent now. */
export interface Refusal {
	readonly admitted: false;
	/** `breaker_open`: calls kept failing. `quarantined`: the key was refused, or the account is empty. */
	readonly reason: "breaker_open" | "quarantined";
	/** Why, and for how long, in one line. */
	readonly message: string;
	/** How long to wait, in milliseconds; absent when waiting does not help. */
	readonly retryAfterMs?: number;
	/** The same as a time, in milliseconds since 1970-01-01 UTC. */
	readonly retryAtMs?: number;
}

/** Whether something may be sent to a model now. */
export type Admission = { readonly admitted: true } | Refusal;

/**
 * A call that was not made, so it cost nothing. To users it is a `ProviderError`; the policies know by the
 * class that the service was not even asked.
 */
export class NotAdmittedError extends ProviderError {
	/** Why, in a form to branch on. */
	readonly refusal: Refusal;

	constructor(refusal: Refusal, stage: CallStage, { provider, model }: CallTarget) {
		const { message, retryAfterMs } = refusal;
		super(message, {
			phase: stage,
			provider,
			model: `${provider}:${model}`,
			...(retryAfterMs === undefined ? {} : { retryAfterMs }),
		});
		this.refusal = refusal;
	}
}
