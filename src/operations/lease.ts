import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { LeaseRecord } from "./ledger.ts";

/** Longer than any one request may take, as a holder that waits for an answer renews nothing. */
const LEASE_MS = 6 * 60_000;
/** Renewed when so much of it is over. */
const RENEW_AFTER_MS = LEASE_MS / 3;

/** One would-be holder of a job: each instance of a job has its own. */
export class LeaseHolder {
	readonly #holder = randomUUID();

	/** A lease for this holder from now on. */
	grant(nowMs: number): LeaseRecord {
		return { holder: this.#holder, host: hostname(), processId: process.pid, untilMs: nowMs + LEASE_MS };
	}

	/** Whether this is the holder. */
	holds(lease: LeaseRecord | undefined): boolean {
		return lease?.holder === this.#holder;
	}

	/** Whether the holder should renew its lease now. */
	isDue(lease: LeaseRecord, nowMs: number): boolean {
		return lease.untilMs - nowMs < LEASE_MS - RENEW_AFTER_MS;
	}

	/** Whether somebody else holds the lease: it has not run out, and the process is not known to be dead. */
	isBarredBy(lease: LeaseRecord | undefined, nowMs: number): lease is LeaseRecord {
		if (lease === undefined || this.holds(lease)) return false;
		// A clock that was set back must not turn minutes into hours.
		const leftMs = lease.untilMs - nowMs;
		if (leftMs <= 0 || leftMs > LEASE_MS) return false;
		return lease.host !== hostname() || isAlive(lease.processId);
	}
}

function isAlive(processId: number): boolean {
	if (processId === process.pid) return true;
	try {
		return process.kill(processId, 0);
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}
