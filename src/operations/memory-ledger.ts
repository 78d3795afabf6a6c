import { ConfigurationError } from "../errors/index.ts";
import { isSettled } from "./job-state.ts";
import type { JobFilter, JobRecord, Ledger } from "./ledger.ts";

const DEFAULT_LIMIT = 100;

/** A ledger that lives as long as the process: for tests, and for systems that cannot be written to. */
export class MemoryLedger implements Ledger {
	readonly #records = new Map<string, JobRecord>();

	async insert(record: JobRecord): Promise<boolean> {
		if (this.#records.has(record.id)) throw new ConfigurationError(`ledger: job ${record.id} is recorded already`);
		const isTaken = [...this.#records.values()].some(
			(other) => other.idempotencyKey === record.idempotencyKey && !costNothing(other),
		);
		if (isTaken) return false;
		this.#records.set(record.id, structuredClone(record));
		return true;
	}

	async find(id: string): Promise<JobRecord | undefined> {
		return structuredClone(this.#records.get(id));
	}

	async replace(record: JobRecord, expectedRevision: number): Promise<boolean> {
		if (this.#records.get(record.id)?.revision !== expectedRevision) return false;
		this.#records.set(record.id, structuredClone(record));
		return true;
	}

	async list(filter: JobFilter = {}): Promise<readonly JobRecord[]> {
		const { states, model, idempotencyKey, inputHash, limit = DEFAULT_LIMIT } = filter;
		return [...this.#records.values()]
			.filter((record) => states === undefined || states.includes(record.state))
			.filter((record) => model === undefined || record.attempts.at(-1)?.model === model)
			.filter((record) => idempotencyKey === undefined || record.idempotencyKey === idempotencyKey)
			.filter((record) => inputHash === undefined || record.inputHash === inputHash)
			.sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1))
			.slice(0, limit)
			.map((record) => structuredClone(record));
	}

	async prune(updatedBeforeMs: number): Promise<number> {
		const old = [...this.#records.values()].filter(
			({ state, updatedAtMs }) => isSettled(state) && updatedAtMs < updatedBeforeMs,
		);
		for (const { id } of old) this.#records.delete(id);
		return old.length;
	}

	async close(): Promise<void> {
		this.#records.clear();
	}
}

/** Whether a job is over and cost nothing, so that its idempotency key may be used again. */
export function costNothing({ state, attempts }: JobRecord): boolean {
	return (state === "failed" || state === "cancelled") && attempts.every(({ billed }) => billed === "no");
}
