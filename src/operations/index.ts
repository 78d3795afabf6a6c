/** The life of a job: submission, watch, download, and the record of it all. */
export { billedOf } from "./chain-walk.ts";
export { Experience } from "./experience.ts";
export { findInFlight, mustGiveWay } from "./find-in-flight.ts";
export { Job, type JobServices, type PlanJobOutput } from "./job.ts";
export { type Acceptance, type AcceptedAttempt, acceptedAttempt, JobJournal, publicAttempt } from "./job-journal.ts";
export type { Candidate, JobPlan } from "./job-plan.ts";
export { JobRunner } from "./job-runner.ts";
export type { JobState } from "./job-state.ts";
export type {
	AttemptRecord,
	CacheRecord,
	ExpectedVideo,
	JobFilter,
	JobRecord,
	LeaseRecord,
	Ledger,
	OutputRecord,
	ResultRecord,
} from "./ledger.ts";
export { costNothing, MemoryLedger } from "./memory-ledger.ts";
export { passedOver } from "./passed-over.ts";
export { SharedJob } from "./shared-job.ts";
export { SqliteLedger, type SqliteLedgerOptions } from "./sqlite-ledger.ts";
export { decodeToken, encodeToken, type TokenContent } from "./token.ts";
export type {
	DownloadOptions,
	JobStatus,
	VideoCost,
	VideoJob,
	VideoResult,
	WaitOptions,
} from "./video-job.ts";
