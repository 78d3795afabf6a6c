/** The life of a job: submission, watch, download, and the record of it all. */
export { Job, type JobServices } from "./job.ts";
export { type AcceptedAttempt, acceptedAttempt } from "./job-journal.ts";
export type { Candidate, JobPlan } from "./job-plan.ts";
export { JobRunner } from "./job-runner.ts";
export { isTerminal, type JobState } from "./job-state.ts";
export type { AttemptRecord, JobFilter, JobRecord, Ledger } from "./ledger.ts";
export { MemoryLedger } from "./memory-ledger.ts";
export { SqliteLedger, type SqliteLedgerOptions } from "./sqlite-ledger.ts";
export { decodeToken } from "./token.ts";
export type { VideoCost, VideoJob, VideoResult, WaitOptions } from "./video-job.ts";
