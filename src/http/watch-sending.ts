import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";

/** What the HTTP clients of this process reported of the requests that were made by one call. */
export interface SendingReport {
	/** Requests that could carry a submission (no `GET`, no `HEAD`) and ended without an answer. */
	readonly failed: number;
	/** Of all such requests, those of which at least the head went out. */
	readonly sent: number;
	/** Requests by a client that does not report when it sends. */
	readonly unobserved: number;
}

/** What a request is known by on undici's channels. */
export interface ObservedRequest {
	readonly method?: string;
}

const watched = new AsyncLocalStorage<Sending>();
const owners = new WeakMap<object, Sending>();
let isSubscribed = false;

class Sending implements SendingReport {
	failed = 0;
	sent = 0;
	unobserved = 0;
}

/**
 * Runs a call and observes what it sends, whoever sends it: undici, and the global `fetch`, which is
 * undici too, announce the moment in which they write a request's head. So a failure before anything was
 * sent is told from a lost answer by what the client did, not by what its error says.
 *
 * `onDone` is told what was observed when the call has settled, before its promise does.
 */
export async function watchSending<Result>(
	call: () => Promise<Result>,
	onDone: (report: SendingReport) => void,
): Promise<Result> {
	subscribeOnce();
	const sending = new Sending();
	try {
		return await watched.run(sending, call);
	} finally {
		onDone(sending);
	}
}

/** Says of a request of this call, one that could carry a submission, that it ended before any client had it. */
export function countUnsent(): void {
	const sending = watched.getStore();
	if (sending !== undefined) sending.failed++;
}

function subscribeOnce(): void {
	if (isSubscribed) return;
	isSubscribed = true;
	subscribe("undici:request:create", (message) => {
		const sending = watched.getStore();
		const request = requestOf(message);
		if (sending !== undefined && request !== undefined && maySubmit(request)) owners.set(request, sending);
	});
	subscribe("undici:client:sendHeaders", (message) => count(message, "sent"));
	subscribe("undici:request:error", (message) => count(message, "failed"));
	subscribe("http.client.request.start", () => {
		const sending = watched.getStore();
		if (sending !== undefined) sending.unobserved++;
	});
}

function count(message: unknown, field: "sent" | "failed"): void {
	const request = requestOf(message);
	const sending = request === undefined ? undefined : owners.get(request);
	if (sending !== undefined) sending[field]++;
}

function requestOf(message: unknown): ObservedRequest | undefined {
	if (typeof message !== "object" || message === null || !("request" in message)) return undefined;
	const { request } = message;
	return typeof request === "object" && request !== null ? request : undefined;
}

/** Whether a request could carry a submission. */
export function maySubmit({ method }: ObservedRequest): boolean {
	return method !== "GET" && method !== "HEAD";
}
