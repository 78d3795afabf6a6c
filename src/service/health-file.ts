import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Resilience } from "../policies/index.ts";

/**
 * What the breakers know, beside the ledger, so that a command that runs for a minute does not ask a dead
 * service anew each time. Only a hint: trouble with the file is no trouble of a job.
 */
export class HealthFile {
	readonly #path: string | undefined;
	readonly #resilience: Resilience;
	#loading: Promise<void> | undefined;

	/** Without a path nothing is kept. */
	constructor(path: string | undefined, resilience: Resilience) {
		this.#path = path;
		this.#resilience = resilience;
	}

	/** Goes on from what was kept, once. */
	load(): Promise<void> {
		this.#loading ??= this.#load();
		return this.#loading;
	}

	/** Keeps what is known by now, if anything was asked. */
	async save(): Promise<void> {
		if (this.#path === undefined || this.#resilience.health().length === 0) return;
		const temporary = `${this.#path}.${randomUUID()}`;
		try {
			await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
			await writeFile(temporary, JSON.stringify(this.#resilience.snapshot()), { flag: "wx", mode: 0o600 });
			await rename(temporary, this.#path);
		} catch {
			await rm(temporary, { force: true }).catch(() => undefined);
		}
	}

	async #load(): Promise<void> {
		if (this.#path === undefined) return;
		try {
			this.#resilience.restore(JSON.parse(await readFile(this.#path, "utf8")));
		} catch {
			// No file yet, or one that was cut: the breakers start closed.
		}
	}
}
