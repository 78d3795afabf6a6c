import type { AttemptRecord, JobRecord } from "../../src/operations/index.ts";

/** A job's record with a made-up id; `number` tells jobs apart, and later ones are newer. */
export function makeRecord(number: number, changes: Partial<JobRecord> = {}): JobRecord {
	return {
		id: `job_${number.toString(36).padStart(25, "0")}`,
		revision: 1,
		task: "text-to-video",
		state: "created",
		idempotencyKey: `key-${number}`,
		inputHash: "0".repeat(64),
		prompt: "a kite",
		createdAtMs: 1_795_219_200_000 + number,
		updatedAtMs: 1_795_219_200_000 + number,
		attempts: [],
		...changes,
	};
}

/** An accepted attempt at a model. */
export function makeAttempt(model: string, changes: Partial<AttemptRecord> = {}): AttemptRecord {
	return { model, outcome: "accepted", billed: "yes", handle: { id: "op-1" }, acceptedAtMs: 1, ...changes };
}
