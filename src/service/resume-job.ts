import { InputError, SubmitUnknownError } from "../errors/index.ts";
import {
	type AcceptedAttempt,
	acceptedAttempt,
	decodeToken,
	isTerminal,
	type JobPlan,
	type JobRecord,
	type Ledger,
} from "../operations/index.ts";
import { parseModelReference } from "../routing/index.ts";
import type { ProviderRegistry } from "./provider-registry.ts";

/** A job that is taken up again: a plan that can send nothing, and its record. */
export interface ResumedJob {
	readonly plan: JobPlan;
	readonly record: JobRecord;
}

/** The id of the job that a token or an id names. Throws `InputError` for a token that was changed. */
export function jobIdOf(tokenOrJobId: string): string {
	return tokenOrJobId.startsWith("job_") ? tokenOrJobId : decodeToken(tokenOrJobId).jobId;
}

/**
 * Finds a job in the ledger, or makes its record from the token alone, and plans how to go on: the only
 * candidate is the model that accepted, so nothing can be submitted again.
 *
 * Throws `InputError` (field `token`) when the job is not known or over, or its provider is not here, and
 * `SubmitUnknownError` when its process ended in the middle of the submission.
 */
export async function resumeJob(
	tokenOrJobId: string,
	registry: ProviderRegistry,
	ledger: Ledger,
	nowMs: number,
): Promise<ResumedJob> {
	const known = await ledger.find(jobIdOf(tokenOrJobId));
	const record = known ?? recordOf(tokenOrJobId, nowMs);
	const operation = operationOf(record);
	const reference = parseModelReference(operation.model, "token", registry.ids);
	const provider = await registry.get(reference.provider);
	if (known === undefined) await ledger.insert(record);
	return {
		record,
		plan: {
			id: record.id,
			task: record.task,
			candidates: [
				{
					reference,
					provider,
					capabilities: provider.model(reference.model),
					request: { task: record.task, model: reference.model, prompt: "", providerOptions: {} },
					warnings: [],
				},
			],
			skipped: [],
			idempotencyKey: record.idempotencyKey,
			inputHash: record.inputHash,
			warnings: [],
		},
	};
}

/** The operation to go on with. */
function operationOf(record: JobRecord): AcceptedAttempt {
	const { id, path, state } = record;
	if (isTerminal(state)) {
		throw new InputError("token", `${id} is over (${state})${path === undefined ? "" : `; its video is ${path}`}`);
	}
	const operation = acceptedAttempt(record);
	if (operation !== undefined) return operation;
	if (state === "created") throw new InputError("token", `${id} was never sent; generate it again, it cost nothing`);
	const model = record.attempts.at(-1)?.model ?? "the model";
	throw new SubmitUnknownError(
		`the process that submitted ${id} ended before ${model} had answered; it may have been accepted and billed, so ` +
			"nothing was sent again: look at the service's own list of jobs before you do",
		{ billed: "unknown", model, jobId: id },
	);
}

/** What a token alone says of its job. */
function recordOf(tokenOrJobId: string, nowMs: number): JobRecord {
	if (tokenOrJobId.startsWith("job_")) {
		throw new InputError("token", `the ledger has no job ${tokenOrJobId}; give its token instead`);
	}
	const { jobId, provider, model, handle, submittedAtMs } = decodeToken(tokenOrJobId);
	return {
		id: jobId,
		revision: 0,
		task: "text-to-video",
		state: "accepted",
		idempotencyKey: jobId,
		inputHash: "",
		createdAtMs: submittedAtMs,
		updatedAtMs: nowMs,
		attempts: [
			{
				model: `${provider}:${model}`,
				outcome: "accepted",
				billed: "unknown",
				submittedAt: new Date(submittedAtMs).toISOString(),
				acceptedAtMs: submittedAtMs,
				handle,
			},
		],
	};
}
