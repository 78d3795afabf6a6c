import { isDeepStrictEqual } from "node:util";
import { isVideoError } from "../errors/index.ts";
import type { JsonValue, StartResult, SubmissionIntent, VideoProvider } from "../provider/index.ts";
import type { Candidate } from "./job-plan.ts";
import type { JobRecord } from "./ledger.ts";
import type { RunnerServices } from "./runner-services.ts";
import type { SubmissionOutcome } from "./send-submission.ts";

/** The waits before each search, as multiples of `submitBackoffMs`: a service lists a new operation only after a while. */
const SEARCH_AFTER: readonly number[] = [0, 2, 5];

/**
 * Tries to learn what became of a submission whose answer was lost. Sends it again only where the service
 * promises to answer a known key with the first submission's operation; then looks for the operation.
 * `undefined` when it stays unknown. A refusal of the repetition says nothing about the first.
 */
export async function settleUnknown(
	candidate: Candidate,
	record: JobRecord,
	services: RunnerServices,
	sendAgain: () => Promise<SubmissionOutcome>,
	signal: AbortSignal,
): Promise<StartResult | undefined> {
	const { clock, policies, random } = services;
	if (candidate.provider.traits.idempotency === "replay") {
		for (let replay = 0; replay < policies.submitRetries && !signal.aborted; replay++) {
			const ceilingMs = Math.min(policies.submitBackoffMs * 2 ** replay, policies.maxBackoffMs);
			await pause(ceilingMs * random(), services, signal);
			if (signal.aborted) break;
			const outcome = await sendAgain();
			if (outcome.outcome === "accepted") return outcome.result;
			const askedMs = outcome.outcome === "rejected" ? outcome.error.retryAfterMs : undefined;
			if (askedMs !== undefined) await clock.sleep(Math.min(askedMs, policies.maxBackoffMs), signal).catch(ignore);
		}
	}
	const handle = await findOperation(candidate.provider, candidate.reference.model, record, services, signal);
	return handle === undefined ? undefined : { handle };
}

/**
 * Looks for the operation of a job's last submission at the service; costs nothing. `undefined` when there
 * is none, or the service has no way to tell. A search that fails is repeated, never thrown.
 */
export async function findOperation(
	provider: VideoProvider,
	model: string,
	record: JobRecord,
	services: RunnerServices,
	signal: AbortSignal,
): Promise<JsonValue | undefined> {
	if (provider.find === undefined) return undefined;
	const { id: jobId, idempotencyKey, inputHash, attempts, createdAtMs } = record;
	const { submittedAt, mark } = attempts.at(-1) ?? {};
	const submittedAtMs = submittedAt === undefined ? createdAtMs : Date.parse(submittedAt);
	const asked = { jobId, idempotencyKey, inputHash, model, submittedAtMs };
	const intent: SubmissionIntent = mark === undefined ? asked : { ...asked, mark };
	for (const multiple of SEARCH_AFTER) {
		await pause(multiple * services.policies.submitBackoffMs, services, signal);
		if (signal.aborted) return undefined;
		try {
			const handle = await provider.find(intent, { signal, fetch: services.http.look });
			if (handle !== undefined && !(await isTaken(handle, record, services))) return handle;
		} catch (error) {
			if (isVideoError(error) && error.code === "authentication") return undefined;
		}
	}
	return undefined;
}

/** Whether an operation is another job's already: the same request may have been submitted more than once. */
async function isTaken(handle: JsonValue, { id, inputHash }: JobRecord, { ledger }: RunnerServices): Promise<boolean> {
	const records = await ledger.list({ inputHash });
	return records.some((other) => other.id !== id && isDeepStrictEqual(other.attempts.at(-1)?.handle, handle));
}

function pause(waitMs: number, { clock }: RunnerServices, signal: AbortSignal): Promise<void> {
	return waitMs === 0 ? Promise.resolve() : clock.sleep(waitMs, signal).catch(ignore);
}

function ignore(): void {}
