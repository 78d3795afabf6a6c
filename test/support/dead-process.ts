import type { Ledger } from "../../src/index.ts";

/** Makes a job's record that of a process that is gone, as after `kill -9`. */
export async function endProcessOf(ledger: Ledger, jobId: string): Promise<void> {
	const record = await ledger.find(jobId);
	if (record?.lease === undefined) throw new TypeError(`${jobId} has no holder`);
	const lease = { ...record.lease, processId: NO_PROCESS };
	const done = await ledger.replace({ ...record, revision: record.revision + 1, lease }, record.revision);
	if (!done) throw new TypeError(`${jobId} was written meanwhile`);
}

/** Linux gives out no such id. */
const NO_PROCESS = 2 ** 22 + 1;
