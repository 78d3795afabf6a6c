import { InputError, ProviderError } from "../errors/index.ts";
import type { CallContext, JsonValue } from "../provider/index.ts";
import type { JobRunner } from "./job-runner.ts";

/**
 * Goes on with the operation that the user found at the service for a job whose submission is unknown.
 * Asks the service about it first. A job that was given up may be gone on with, too. Throws `InputError` when the
 * job needs no such help, or the operation cannot be one, and what the provider throws when it does not know it.
 */
export async function adoptOperation(runner: JobRunner, operationId: string, context: CallContext): Promise<void> {
	await requireUnknown(runner, { reopens: true });
	const { provider, reference } = runner.candidate;
	const handle = provider.adopt?.(operationId, reference.model) ?? parseHandle(operationId);
	await provider.status(handle, context);
	await runner.adopt(handle);
}

/** Gives up a job whose submission is unknown: whether it was billed stays open. Throws `InputError` otherwise. */
export async function abandonSubmission(runner: JobRunner, reason: string): Promise<void> {
	await requireUnknown(runner);
	await runner.end(new ProviderError(reason, { billed: "unknown", phase: "submit" }));
}

/**
 * Takes a job whose submission is unknown; with `reopens` also one that was given up, as its operation may turn up.
 * Throws `InputError` for any other, and when somebody else has it.
 */
export async function requireUnknown(runner: JobRunner, { reopens = false } = {}): Promise<void> {
	const { journal } = runner;
	if (runner.isSubmitting) {
		throw new InputError("job", `this process is submitting ${journal.record.id}; wait until that call has ended`);
	}
	const barrier = await runner.claim({ reopens });
	const { id, state, attempts } = journal.record;
	if (barrier !== undefined) {
		throw new InputError(
			"job",
			`process ${barrier.processId} on ${barrier.host} works on ${id}; wait until it has ended`,
		);
	}
	const isOpen = state === "submit_unknown" || state === "submitting" || (reopens && state === "failed");
	if (attempts.at(-1)?.outcome === "unknown" && isOpen) return;
	await journal.release();
	throw new InputError("job", `the submission of ${id} is known (${state}); there is nothing to resolve`);
}

function parseHandle(operationId: string): JsonValue {
	try {
		return JSON.parse(operationId) as JsonValue;
	} catch {
		return operationId;
	}
}
