import type { Attempt } from "../errors/index.ts";
import {
	acceptedAttempt,
	billedOf,
	encodeToken,
	type JobRecord,
	type JobState,
	publicAttempt,
} from "../operations/index.ts";
import type { Billed, VideoTask } from "../provider/index.ts";

/** A job as the ledger has it. */
export interface JobInfo {
	readonly id: string;
	/** Resumes the job on any machine; present when a provider accepted it. */
	readonly token?: string;
	readonly state: JobState;
	readonly task: VideoTask;
	readonly prompt: string;
	/** The last model that was asked, `provider:model`. */
	readonly model?: string;
	/** Whether money was taken for any of the attempts. */
	readonly billed: Billed;
	readonly attempts: readonly Attempt[];
	/** ISO 8601 in UTC. */
	readonly createdAt: string;
	/** ISO 8601 in UTC. */
	readonly updatedAt: string;
	/** Where the video was put; absent until the job has succeeded. */
	readonly path?: string;
	/** The code of the error that ended it. */
	readonly errorCode?: string;
	/** What that error said. */
	readonly errorMessage?: string;
}

/** A record as it is shown. */
export function jobInfo(record: JobRecord): JobInfo {
	const { id, state, task, prompt, attempts, createdAtMs, updatedAtMs, result, errorCode, errorMessage } = record;
	const token = tokenOf(record);
	const model = result?.fromCache?.model ?? attempts.at(-1)?.model;
	return {
		id,
		...(token === undefined ? {} : { token }),
		state,
		task,
		prompt,
		...(model === undefined ? {} : { model }),
		billed: billedOf(attempts),
		attempts: attempts.map(publicAttempt),
		createdAt: new Date(createdAtMs).toISOString(),
		updatedAt: new Date(updatedAtMs).toISOString(),
		...(result === undefined ? {} : { path: result.path }),
		...(errorCode === undefined ? {} : { errorCode }),
		...(errorMessage === undefined ? {} : { errorMessage }),
	};
}

function tokenOf(record: JobRecord): string | undefined {
	const operation = acceptedAttempt(record);
	if (operation === undefined) return undefined;
	const [provider = "", ...model] = operation.model.split(":");
	const { handle, account, acceptedAtMs: submittedAtMs } = operation;
	return encodeToken({ jobId: record.id, provider, model: model.join(":"), handle, account, submittedAtMs });
}
