import { isDeepStrictEqual } from "node:util";
import { AuthenticationError, ConfigurationError, InputError } from "../errors/index.ts";
import {
	type Acceptance,
	acceptedAttempt,
	decodeToken,
	JobJournal,
	type JobPlan,
	type JobRecord,
	type LeaseRecord,
	type Ledger,
	type TokenContent,
} from "../operations/index.ts";
import type { Clock } from "../policies/index.ts";
import type { VideoProvider } from "../provider/index.ts";
import { parseModelReference } from "../routing/index.ts";
import type { ProviderRegistry } from "./provider-registry.ts";

/** A job that is taken up again: a plan that can send nothing, and its record. */
export interface ResumedJob {
	readonly plan: JobPlan;
	readonly record: JobRecord;
	/** What the token tells and the ledger does not know: that a service has the job. */
	readonly acceptance?: Acceptance;
}

const JOB_ID = /^job_[0-9a-z]{25}$/;

/** The id of the job that a token or an id names. Throws `InputError` for what is neither. */
export function jobIdOf(tokenOrJobId: string): string {
	if (JOB_ID.test(tokenOrJobId)) return tokenOrJobId;
	if (!tokenOrJobId.startsWith("rl1.")) {
		// Only what was meant for an id is repeated: the rest may be anything that was pasted, a key too.
		const typed = /^job\w{0,60}$/i.test(tokenOrJobId) ? `"${tokenOrJobId}"` : "it";
		throw new InputError("token", `${typed} is neither a job's id (reelay jobs lists them) nor a token`);
	}
	return decodeToken(tokenOrJobId).jobId;
}

/**
 * Finds a job in the ledger, or makes its record from the token alone, and plans how to go on: the only
 * candidate is the model that accepted, so nothing can be submitted again.
 *
 * Throws `InputError` (field `token`) when the job is not known, or the token is not that job's, and
 * `AuthenticationError` when it belongs to another account. Nothing is sent before.
 */
export async function resumeJob(
	tokenOrJobId: string,
	registry: ProviderRegistry,
	ledger: Ledger,
	clock: Clock,
): Promise<ResumedJob> {
	const token = JOB_ID.test(tokenOrJobId) ? undefined : decodeToken(tokenOrJobId);
	const known = await ledger.find(token?.jobId ?? tokenOrJobId);
	const record = known ?? recordOf(token, tokenOrJobId, clock.now());
	if (known !== undefined && token !== undefined) requireSame(known, token);
	const last = record.attempts.at(-1);
	const fromCache = record.result?.fromCache;
	if (fromCache === undefined && (last === undefined || last.outcome === "skipped")) {
		const holder = await endUnsent(record, ledger, clock);
		if (holder !== undefined) {
			const problem = `${record.id} is not sent yet: process ${holder.processId} on ${holder.host} is about to`;
			throw new InputError("token", `${problem}; resume it once that has submitted it`);
		}
		throw new InputError("token", `${record.id} was never sent; generate it again, it cost nothing`);
	}
	const reference = parseModelReference(fromCache?.model ?? last?.model ?? "", "token", registry.ids);
	const provider = await registry.get(reference.provider);
	requireAccount(record.id, last?.account, provider);
	if (known === undefined) await ledger.insert(record);
	const acceptance = known === undefined ? undefined : lateAcceptance(known, token);
	return {
		record,
		...(acceptance === undefined ? {} : { acceptance }),
		plan: {
			id: record.id,
			task: record.task,
			candidates: [
				{
					reference,
					provider,
					capabilities: provider.model(reference.model),
					request: { task: record.task, model: reference.model, prompt: record.prompt, providerOptions: {} },
					warnings: [],
				},
			],
			skipped: [],
			idempotencyKey: record.idempotencyKey,
			inputHash: record.inputHash,
			isResumed: true,
			allowSecondSubmission: false,
			warnings: [],
		},
	};
}

/** A job whose process was gone before it sent anything ends so, unless somebody works on it: then says who. */
export async function endUnsent(record: JobRecord, ledger: Ledger, clock: Clock): Promise<LeaseRecord | undefined> {
	const journal = JobJournal.open(ledger, clock, record);
	const holder = await journal.claim();
	if (holder !== undefined || journal.record.state !== "created") return holder;
	const errorMessage = "its process ended before anything was sent; nothing was billed";
	await journal.write({ state: "failed", errorCode: "provider_error", errorMessage });
	return undefined;
}

/** A submission that the ledger takes for unknown was accepted when there is a token of it. */
function lateAcceptance({ attempts }: JobRecord, token: TokenContent | undefined): Acceptance | undefined {
	const last = attempts.at(-1);
	if (token === undefined || last?.outcome !== "unknown") return undefined;
	if (last.model !== `${token.provider}:${token.model}` || last.account !== token.account) return undefined;
	return { handle: token.handle, acceptedAtMs: token.submittedAtMs };
}

/** A token must say of its job what the ledger says: one that does not was put together by somebody. */
function requireSame(record: JobRecord, token: TokenContent): void {
	const operation = acceptedAttempt(record);
	const isSame =
		operation === undefined ||
		(operation.model === `${token.provider}:${token.model}` &&
			operation.account === token.account &&
			isDeepStrictEqual(operation.handle, token.handle));
	if (!isSame) {
		throw new InputError("token", `it is not the token of ${record.id}; give the job's id, or copy the token again`);
	}
}

function requireAccount(jobId: string, account: string | undefined, provider: VideoProvider): void {
	if (account === undefined || account === provider.account) return;
	if (provider.account === undefined) {
		throw new ConfigurationError(
			`${jobId} was submitted to ${provider.id} with a key, and none is set here; set the key it was submitted with`,
		);
	}
	throw new AuthenticationError(
		`${jobId} was submitted to ${provider.id} with another key than the one that is set; set that one to go on`,
		{ phase: "config" },
	);
}

/** What a token alone says of its job. */
function recordOf(token: TokenContent | undefined, jobId: string, nowMs: number): JobRecord {
	if (token === undefined) {
		throw new InputError("token", `the ledger has no job ${jobId}; give its token instead`);
	}
	const { jobId: id, provider, model, handle, account, submittedAtMs } = token;
	return {
		id,
		revision: 0,
		task: "text-to-video",
		state: "accepted",
		idempotencyKey: id,
		inputHash: "",
		prompt: "",
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
				...(account === undefined ? {} : { account }),
			},
		],
	};
}
