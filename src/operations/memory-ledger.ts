import { ConfigurationError } from "../errors/index.ts";
import type { JobRecord, Ledger } from "./ledger.ts";

/** A ledger that lives as long as the process: for tests, and for systems that cannot be written to. */
export class MemoryLedger implements Ledger {
	readonly #records = new Map<string, JobRecord>();

	async insert(record: JobRecord): Promise<void> {
		if (this.#records.has(record.id)) throw new ConfigurationError(`ledger: job ${record.id} is recorded already`);
		this.#records.set(record.id, structuredClone(record));
	}

	async find(id: string): Promise<JobRecord | undefined> {
		return structuredClone(this.#records.get(id));
	}

	async replace(record: JobRecord, expectedRevision: number): Promise<boolean> {
		if (this.#records.get(record.id)?.revision !== expectedRevision) return false;
		this.#records.set(record.id, structuredClone(record));
		return true;
	}

	async close(): Promise<void> {
		this.#records.clear();
	}
}
