import { z } from "zod";
import { CancelledError, isVideoError, ProviderError, redact, type VideoError } from "../errors/index.ts";
import { type SendingReport, watchSending } from "../http/index.ts";
import type { StartContext, StartResult } from "../provider/index.ts";
import { heedUntilSent } from "./heed-until-sent.ts";
import type { Candidate } from "./job-plan.ts";

/** The three ways in which a submission ends. */
export type SubmissionOutcome =
	| { readonly outcome: "accepted"; readonly result: StartResult }
	/** Provably nothing was accepted. */
	| { readonly outcome: "rejected"; readonly error: VideoError }
	/** It was sent, and what came of it is not known. */
	| { readonly outcome: "unknown"; readonly thrown: unknown };

const HANDLE = z.lazy(() => z.object({ handle: z.json() }));

/**
 * Calls the provider's `start` once, and decides what came of it. *Rejected* needs proof: the adapter's word
 * that the service refused (`billed: "no"`), or the HTTP client's that nothing was sent. With a provider
 * that never bills, nothing needs to stay unknown. Never throws. `callerSignal` counts until something is sent.
 */
export async function sendSubmission(
	{ provider, reference, request }: Candidate,
	context: StartContext,
	callerSignal: AbortSignal,
): Promise<SubmissionOutcome> {
	const model = reference.text;
	const heedful = heedUntilSent(context.fetch, callerSignal);
	let report: SendingReport | undefined;
	try {
		const result = await watchSending(
			() => provider.start(request, { ...context, fetch: heedful.fetch }),
			(observed) => {
				report = observed;
			},
		);
		if (HANDLE.safeParse(result).success) return { outcome: "accepted", result };
		const problem = `${model} accepted the job and gave no reference to it that is plain JSON`;
		return { outcome: "unknown", thrown: new ProviderError(problem, { model, billed: "unknown" }) };
	} catch (thrown) {
		if (isVideoError(thrown) && thrown.billed === "no") return { outcome: "rejected", error: thrown };
		if (provider.traits.billing === "free") {
			if (context.signal.aborted)
				return { outcome: "rejected", error: new CancelledError("cancelled before it began") };
			return { outcome: "rejected", error: isVideoError(thrown) ? thrown : startFailure(model, thrown) };
		}
		if (heedful.wasStopped && report?.sent === 0 && report.unobserved === 0) {
			const cancelled = new CancelledError("cancelled before anything was sent", { model, cause: thrown });
			return { outcome: "rejected", error: cancelled };
		}
		if (wasNotSent(report)) return { outcome: "rejected", error: notSentError(model, thrown) };
		return { outcome: "unknown", thrown };
	}
}

/** Whether a request failed before its head went out, and none went out beside it. */
function wasNotSent(report: SendingReport | undefined): boolean {
	return report !== undefined && report.failed > 0 && report.sent === 0 && report.unobserved === 0;
}

function notSentError(model: string, cause: unknown): ProviderError {
	return new ProviderError(`${model} could not be reached (${describe(cause)}); nothing was sent, nothing was billed`, {
		model,
		retryable: true,
		cause,
	});
}

function startFailure(model: string, cause: unknown): ProviderError {
	return new ProviderError(`${model} could not be started: ${describe(cause)}`, { model, cause });
}

/** The words of an error, without secrets, and of the one underneath, which says more when the outer one is "fetch failed". */
export function describe(thrown: unknown): string {
	if (!(thrown instanceof Error)) return redact(String(thrown));
	const { cause } = thrown;
	if (!(cause instanceof Error) || isVideoError(thrown)) return redact(thrown.message);
	const code = "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
	return redact(`${thrown.message}: ${code}`);
}
