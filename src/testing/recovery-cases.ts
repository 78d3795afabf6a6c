import assert from "node:assert/strict";
import type { JsonValue, SubmissionIntent, VideoProvider } from "../provider/index.ts";
import type { HttpContract } from "./contract-options.ts";
import { type Fault, faults } from "./faults.ts";
import { JOB_ID, startContext, type Trial, type TrialCase } from "./trial.ts";

const OTHER_JOB = { jobId: "job_1111111111111111111111111", idempotencyKey: "11111111-1111-4111-8111-111111111111" };

/** What the traits promise: cancelling, finding a lost operation, and what a repeated key does. */
export function recoveryCases(_contract: HttpContract, { traits }: VideoProvider): readonly TrialCase[] {
	return [
		...(traits.cancel === "none" ? [] : cancelCases(traits)),
		...(traits.lookup === "none" ? [] : findCases()),
		...keyCases(traits),
	];
}

function cancelCases({ cancel }: VideoProvider["traits"]): readonly TrialCase[] {
	const fails = (name: string, fault: Fault): TrialCase => ({
		name: `claims no cancellation ${name}`,
		check: async (trial) => {
			const handle = await trial.handle();
			trial.service.next("cancel", fault);
			await trial.errorOf("cancel", async (context) => trial.provider.cancel?.(handle, context));
			assert.ok(trial.service.requests.filter(({ call }) => call === "cancel").length <= 1, "it was sent twice");
		},
	});
	return [
		{
			name: "cancels at the service",
			check: async (trial) => {
				const handle = await trial.handle();
				const outcome = await trial.call("cancel", async (context) => trial.provider.cancel?.(handle, context));
				assert.equal(trial.service.cancels, 1);
				if (cancel === "remote") assert.equal(outcome, "cancelled", `the trait is "remote", and it says ${outcome}`);
				if (outcome === "cancelled") assert.equal(trial.service.jobs[0]?.state, "cancelled");
			},
		},
		{
			name: "does not claim to have cancelled what had ended",
			check: async (trial) => {
				trial.service.script({ state: "succeeded" });
				const handle = await trial.handle();
				await trial.look(handle);
				const cancelled = trial.call("cancel", async (context) => trial.provider.cancel?.(handle, context));
				assert.notEqual(await cancelled.catch(() => "thrown"), "cancelled");
			},
		},
		fails("that was reset", faults.reset()),
		fails("that was answered with status 500", faults.status(500)),
		fails("that was answered with a page", faults.html()),
	];
}

function findCases(): readonly TrialCase[] {
	const find = (trial: Trial) => trial.call("find", async (context) => trial.provider.find?.(intent(trial), context));
	return [
		{
			name: "finds the operation of a submission whose answer was lost",
			check: async (trial) => {
				await trial.handle(OTHER_JOB);
				trial.service.next("submit", faults.reset("after-commit"));
				await trial.start();
				const [lost] = trial.service.jobs;
				await trial.handle(OTHER_JOB);
				const { posts } = trial.service;
				const handle = await find(trial);
				assert.ok(handle !== undefined, "it was not found");
				await trial.look(handle, trial.fresh());
				const looked = trial.service.requests.at(-1)?.request;
				const asked = `${looked?.url.href} ${Buffer.from(looked?.body ?? []).toString()}`;
				assert.ok(lost !== undefined && asked.includes(lost.id), "another operation was found");
				assert.equal(trial.service.posts, posts, "the search submitted");
			},
		},
		{
			name: "finds it from another process, too",
			check: async (trial) => {
				trial.service.next("submit", faults.reset("after-commit"));
				await trial.start();
				const [lost] = trial.service.jobs;
				const { mark } = trial;
				const asked = intent(trial);
				const other = trial.fresh();
				const handle = await trial.call("find", async (context) =>
					other.find?.(mark === undefined ? asked : { ...asked, mark }, context),
				);
				assert.ok(handle !== undefined, "it was not found");
				await trial.look(handle, other);
				const looked = trial.service.requests.at(-1)?.request;
				const seen = `${looked?.url.href} ${Buffer.from(looked?.body ?? []).toString()}`;
				assert.ok(lost !== undefined && seen.includes(lost.id), "another operation was found");
			},
		},
		{
			name: "finds nothing when nothing was accepted",
			check: async (trial) => {
				await trial.handle(OTHER_JOB);
				trial.service.next("submit", faults.reset("before-commit"));
				await trial.start();
				assert.equal(await find(trial), undefined);
			},
		},
		{
			name: "does not take a search that failed for one that found nothing",
			check: async (trial) => {
				trial.service.every("list", faults.status(503));
				trial.service.every("look", faults.status(503));
				await trial.errorOf("find", async (context) => trial.provider.find?.(intent(trial), context));
			},
		},
	];
}

function keyCases({ idempotency }: VideoProvider["traits"]): readonly TrialCase[] {
	if (idempotency === "none") return [];
	return [
		{
			name: `keeps the promise that a repeated key is answered with ${idempotency}`,
			check: async (trial) => {
				const handle: JsonValue = await trial.handle();
				const again = await trial.start();
				assert.equal(again.outcome, idempotency === "replay" ? "accepted" : "unknown");
				if (again.outcome === "accepted") assert.deepEqual(again.result.handle, handle);
				assert.deepEqual([trial.service.billed, trial.service.jobs.length], [1, 1]);
			},
		},
	];
}

function intent({ request: { model } }: Trial): SubmissionIntent {
	const { idempotencyKey } = startContext();
	return { jobId: JOB_ID, idempotencyKey, model, inputHash: "0".repeat(64), submittedAtMs: Date.now() };
}
