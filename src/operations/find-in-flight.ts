import type { Clock } from "../policies/index.ts";
import { acceptedAttempt } from "./job-journal.ts";
import type { JobPlan } from "./job-plan.ts";
import type { JobState } from "./job-state.ts";
import { LeaseHolder } from "./lease.ts";
import type { JobRecord, Ledger } from "./ledger.ts";

/** What a search among the jobs needs. */
export interface JobSearch {
	readonly ledger: Ledger;
	readonly clock: Clock;
}

const BEFORE_ACCEPTANCE: readonly JobState[] = ["created", "submitting"];
const AFTER_ACCEPTANCE: readonly JobState[] = ["accepted", "running", "generated", "downloading"];
const LOOK_EVERY_MS = 250;
const MOST_RIVALS = 50;

/**
 * The job of the same request, in any process, that a service has accepted and whose video may be shared.
 * While somebody alive submits one, waits for what comes of it. Rejects when the signal is aborted.
 */
export async function findInFlight(
	plan: JobPlan,
	search: JobSearch,
	signal: AbortSignal,
): Promise<JobRecord | undefined> {
	for (;;) {
		const { accepted, submitting } = await rivalsOf(plan, search);
		if (accepted !== undefined) return accepted;
		if (submitting.length === 0) return undefined;
		await search.clock.sleep(LOOK_EVERY_MS, signal);
	}
}

/**
 * Whether a job that was recorded and not sent must give way to one of the same request. Everybody records
 * before looking, so of two that begin at the same moment at least one sees the other: who sees a lower id,
 * or a job that is further, gives way; who sees a higher id waits until that one gives way or is further.
 */
export async function mustGiveWay(plan: JobPlan, search: JobSearch, signal: AbortSignal): Promise<boolean> {
	for (;;) {
		const { accepted, submitting } = await rivalsOf(plan, search);
		if (accepted !== undefined) return true;
		if (submitting.some(({ id, state }) => id < plan.id || state === "submitting")) return true;
		if (submitting.length === 0) return false;
		await search.clock.sleep(LOOK_EVERY_MS, signal);
	}
}

async function rivalsOf(plan: JobPlan, { ledger, clock }: JobSearch) {
	const { inputHash } = plan;
	const states = [...BEFORE_ACCEPTANCE, ...AFTER_ACCEPTANCE];
	const records = await ledger.list({ inputHash, states, limit: MOST_RIVALS });
	const others = records.filter(({ id }) => id !== plan.id);
	const lease = new LeaseHolder();
	return {
		accepted: others.find((record) => isShared(record, plan)),
		submitting: others.filter(
			({ state, lease: held }) => BEFORE_ACCEPTANCE.includes(state) && lease.isBarredBy(held, clock.now()),
		),
	};
}

/** Whether a job will give the video that is asked for, and lets others have it. */
function isShared(record: JobRecord, { candidates }: JobPlan): boolean {
	const operation = acceptedAttempt(record);
	if (operation?.cacheKey === undefined || operation.errorCode !== undefined) return false;
	return candidates.some(({ cacheKey }) => cacheKey === operation.cacheKey);
}
