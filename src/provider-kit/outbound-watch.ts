import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { Fetch } from "../provider/index.ts";

const watched = new AsyncLocalStorage<Outbound>();
const owners = new WeakMap<object, Outbound>();
/** Node's other clients do not say when they send: a request that was made may have been sent. */
const OTHER_CLIENTS = ["http.client.request.start", "http2.client.stream.created"];
let isSubscribed = false;

/** What became of the requests that were made by one function. */
class Outbound {
	/** Requests that undici neither sent nor gave up yet. */
	readonly waiting = new Set<object>();
	/** Requests that undici gave up. */
	failed = 0;
	/** Whether anything may have been sent. */
	isSent = false;
}

/**
 * Observes what a function sends, by all HTTP clients that announce it: undici, the global `fetch` and Node's
 * own. Every method counts, as nobody knows which request of a stranger's function is the one that costs.
 */
export class OutboundWatch {
	readonly #outbound = new Outbound();
	#runningFetches = 0;
	#failedFetches = 0;

	/** Runs the function. What it starts is observed, also once it has returned. */
	run<Result>(call: () => Result): Result {
		subscribeOnce();
		return watched.run(this.#outbound, call);
	}

	/** The same `fetch`, with its failures counted. */
	watch(fetch: Fetch): Fetch {
		return async (input, init) => {
			this.#runningFetches++;
			try {
				return await fetch(input, init);
			} catch (error) {
				this.#failedFetches++;
				throw error;
			} finally {
				this.#runningFetches--;
			}
		};
	}

	/** Whether a `fetch` that is watched failed, provably before it sent anything, and nothing else was or will be sent. */
	get hasSentNothing(): boolean {
		const { failed, isSent, waiting } = this.#outbound;
		const isOver = this.#runningFetches === 0 && waiting.size === 0;
		// A fetch that no client reported on is the user's own: it may have sent anything.
		return isOver && !isSent && this.#failedFetches > 0 && this.#failedFetches <= failed;
	}
}

function subscribeOnce(): void {
	if (isSubscribed) return;
	isSubscribed = true;
	subscribe("undici:request:create", (message) => {
		const outbound = watched.getStore();
		const request = requestOf(message);
		if (outbound === undefined || request === undefined) return;
		owners.set(request, outbound);
		outbound.waiting.add(request);
	});
	subscribe("undici:client:sendHeaders", (message) => {
		settle(message, (outbound) => {
			outbound.isSent = true;
		});
	});
	subscribe("undici:request:error", (message) => {
		settle(message, (outbound) => {
			outbound.failed++;
		});
	});
	for (const channel of OTHER_CLIENTS) {
		subscribe(channel, () => {
			const outbound = watched.getStore();
			if (outbound !== undefined) outbound.isSent = true;
		});
	}
}

/** Says once of each request what became of it. */
function settle(message: unknown, record: (outbound: Outbound) => void): void {
	const request = requestOf(message);
	const outbound = request === undefined ? undefined : owners.get(request);
	if (request !== undefined && outbound?.waiting.delete(request) === true) record(outbound);
}

function requestOf(message: unknown): object | undefined {
	if (typeof message !== "object" || message === null || !("request" in message)) return undefined;
	const { request } = message;
	return typeof request === "object" && request !== null ? request : undefined;
}
