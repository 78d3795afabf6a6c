import assert from "node:assert/strict";
import { isVideoError } from "../errors/index.ts";
import type { FailureKind, OperationStatus } from "../provider/index.ts";
import type { HttpContract } from "./contract-options.ts";
import { type Fault, faults } from "./faults.ts";
import { passOn, type Trial, type TrialCase } from "./trial.ts";

const KINDS: readonly FailureKind[] = ["refused", "invalid", "internal", "expired", "cancelled"];
const ALL_FAILURES = KINDS.flatMap((kind) => [false, true].map((billed) => ({ kind, billed })));
const STATUSES = [302, 307, 400, 408, 409, 429, 500, 502, 503, 504, 520];

/** Looks: whatever goes wrong on the way throws, and only the service's own verdict ends an operation. */
export function lookCases({ dialect }: HttpContract): readonly TrialCase[] {
	const cases: TrialCase[] = [];
	const add = (name: string, check: TrialCase["check"]) => cases.push({ name, check });
	const addTrouble = (name: string, fault: Fault) =>
		add(`throws at a look ${name}, once, and looks again`, async (trial) => {
			const handle = await trial.handle();
			trial.service.next("look", fault);
			const before = trial.service.requests.length;
			await trial.errorOf("status", (context) => trial.provider.status(handle, context));
			assert.equal(trial.service.requests.length - before, 1, "one look is one request");
			assert.notEqual((await trial.look(handle)).state, "failed");
			assert.equal(trial.service.posts, 1);
		});

	addTrouble("that was reset", faults.reset());
	addTrouble("whose connection ended", faults.end());
	addTrouble("that was cut", faults.cut(5));
	addTrouble("that was answered with a page", faults.html());
	addTrouble("that was answered with half of its JSON", faults.truncatedJson());
	for (const status of STATUSES) {
		const location = status < 400 ? { location: "http://127.0.0.1:9/elsewhere" } : {};
		addTrouble(`with status ${status}`, faults.status(status, location));
	}
	add("gives a look up when it is told to", async (trial) => {
		const handle = await trial.handle();
		trial.service.next("look", faults.hang());
		await assert.rejects(trial.lookAndGiveUp(handle));
	});
	add("says that the service does not know an operation", async (trial) => {
		assert.equal(await codeAt(trial, faults.status(404)), "operation_not_found");
	});
	add("says that the key was refused at a look", async (trial) => {
		assert.equal(await codeAt(trial, faults.status(401)), "authentication");
	});
	for (const status of [429, 503]) {
		add(`passes the wait on that comes with status ${status}`, async (trial) => {
			const error = await errorAt(trial, faults.status(status, { "retry-after": "7" }));
			assert.equal(isVideoError(error) ? error.retryAfterMs : error, 7_000);
		});
	}
	add("takes a state that it does not know for no end", async (trial) => {
		const { state } = await shown(trial, faults.show({ state: "mystery" })).catch(running);
		assert.ok(state === "queued" || state === "running", state);
	});
	add("takes {} for no end", async (trial) => {
		const { state } = await shown(trial, faults.emptyObject()).catch(running);
		assert.ok(state === "queued" || state === "running", state);
	});
	add("reports a share done between 0 and 1, if any", async (trial) => {
		const status = await shown(trial, faults.show({ state: "running", progress: 0.25 }));
		assert.equal(status.state, "running");
		const progress = status.state === "running" ? status.progress : undefined;
		assert.ok(progress === undefined || progress === 0.25, `a quarter is done, and it says ${progress}`);
	});
	add("reports how many operations are ahead, if any", async (trial) => {
		const handle = await trial.handle();
		for (const ahead of [3, 0]) {
			trial.service.next("look", faults.show({ state: "queued", queuePosition: ahead }));
			const status = await trial.look(handle);
			const position = status.state === "queued" ? status.queuePosition : undefined;
			assert.ok(position === undefined || position === ahead, `${ahead} are ahead, and it says ${position}`);
		}
	});
	for (const { kind, billed } of dialect.failures ?? ALL_FAILURES) {
		add(`reports the failure "${kind}" that is ${billed ? "" : "not "}billed`, async (trial) => {
			const failure = { kind, billed, reason: "because of the moon" };
			const status = await shown(trial, faults.show({ state: "failed", failure }));
			assert.ok(status.state === "failed", `the state is ${status.state}`);
			assert.equal(status.kind, kind, `the kind is ${status.kind}`);
			assert.ok(status.reason.includes("because of the moon"), status.reason);
			// Only "no" lets the core generate elsewhere: it must never be a guess.
			assert.notEqual(status.billed, billed ? "no" : "yes", `billed is ${status.billed}`);
		});
	}
	add("does not guess whether a failure is billed of which that is not said", async (trial) => {
		const handle = await trial.handle();
		const [job] = trial.service.jobs;
		for (const kind of new Set((dialect.failures ?? ALL_FAILURES).map((failure) => failure.kind))) {
			const failed = (billed: boolean | null) => ({ state: "failed", failure: { kind, billed, reason: "it broke" } });
			const answer = (billed: boolean | null) =>
				job && JSON.stringify(dialect.looked({ ...job, ...failed(billed) }, { call: "look", id: job.id }));
			// Where that is never said, or always, silence means nothing of its own.
			if ([true, false].some((billed) => answer(billed) === answer(null))) continue;
			trial.service.next("look", faults.show(failed(null)));
			const status = await trial.look(handle);
			assert.ok(status.state === "failed", `the state is ${status.state}`);
			assert.equal(status.billed, "unknown", `nothing is said of a failure that is ${kind}`);
		}
	});
	if (dialect.namesResult === false) return cases;
	add("takes a success without a video for none", async (trial) => {
		const status = await shown(trial, faults.show({ state: "succeeded", resultUrl: undefined })).catch(running);
		if (status.state !== "failed") assert.ok(status.state === "running" || status.state === "queued", status.state);
		else assert.notEqual(status.billed, "no", "nobody said that it is not billed");
	});
	return cases;
}

/** Submits, and takes one look under a fault. */
async function shown(trial: Trial, fault: Fault): Promise<OperationStatus> {
	const handle = await trial.handle();
	trial.service.next("look", fault);
	return trial.look(handle);
}

async function errorAt(trial: Trial, fault: Fault): Promise<unknown> {
	const handle = await trial.handle();
	trial.service.next("look", fault);
	return trial.errorOf("status", (context) => trial.provider.status(handle, context));
}

async function codeAt(trial: Trial, fault: Fault): Promise<unknown> {
	const error = await errorAt(trial, fault);
	return isVideoError(error) ? error.code : error;
}

/** To throw is as good as to say that it goes on: the core looks again. */
function running(error: unknown): OperationStatus {
	passOn(error);
	return { state: "running" };
}
