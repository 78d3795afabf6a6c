import type { JobView } from "./faults.ts";
import type { JobStore } from "./job-store.ts";
import { serveVideo } from "./serve-video.ts";
import type { DialectAnswer, ReceivedRequest, ServiceCall, ServiceDialect, ServiceJob } from "./service-dialect.ts";
import type { WireAnswer } from "./write-answer.ts";

/** An answer, and the job that it is about. */
export interface JobAnswer {
	readonly answer: WireAnswer;
	readonly job?: ServiceJob;
}

/** What a service without faults answers from. */
export interface ServiceState {
	readonly dialect: ServiceDialect;
	readonly store: JobStore;
	readonly video: Uint8Array;
}

/** Does what a request asks for, and answers as a service without faults does. */
export function answerCall(
	call: ServiceCall,
	request: ReceivedRequest,
	view: JobView | undefined,
	{ dialect, store, video }: ServiceState,
): JobAnswer {
	const noJob = () => ({ answer: refusal(dialect, 404, "there is no such job") });
	switch (call.call) {
		case "submit": {
			const commit = store.commit(request, call.clientId, call.idempotencyKey);
			if (commit.outcome === "refused") return { answer: refusal(dialect, commit.status, commit.reason) };
			return { answer: encode(dialect.submitted(commit.job)), job: commit.job };
		}
		case "look": {
			const job = call.continues === true ? store.find(call.id) : store.look(call.id, view);
			return job === undefined ? noJob() : { answer: encode(dialect.looked(job, call)), job };
		}
		case "cancel": {
			const job = dialect.cancelled === undefined ? undefined : store.cancel(call.id);
			return job === undefined ? noJob() : { answer: encode(dialect.cancelled?.(job) ?? { json: {} }), job };
		}
		case "list": {
			const found = store.jobs.filter(({ clientId }) => call.clientId === undefined || clientId === call.clientId);
			return {
				answer: dialect.listed === undefined ? refusal(dialect, 404, "no list") : encode(dialect.listed(found)),
			};
		}
		case "result": {
			const job = store.find(call.id);
			if (job === undefined) return noJob();
			const isExpired = isSigned(request) && !store.isFresh(Number(request.url.searchParams.get("signature")));
			if (isExpired) return { answer: refusal(dialect, 403, "the link has expired") };
			return { answer: serveVideo(video, request.headers), job };
		}
		case "other":
			return { answer: encode(call.answer) };
	}
}

/** An error in the protocol's own words. */
export function refusal(dialect: ServiceDialect, status: number, reason: string): WireAnswer {
	return encode({ status, json: dialect.refused(status, reason) });
}

/** The signed URL of a job's video, at the service but outside its protocol. */
export function signedUrl(origin: string, id: string, signature: number): string {
	return `${origin}/-/files/${encodeURIComponent(id)}.mp4?signature=${signature}`;
}

/** What a request for a signed URL asks for; `undefined` for every other one. */
export function signedCall({ url }: ReceivedRequest): ServiceCall | undefined {
	const id = SIGNED_PATH.exec(url.pathname)?.[1];
	return id === undefined ? undefined : { call: "result", id: decodeURIComponent(id) };
}

/** Whether a request is for a signed URL, which needs no key. */
export function isSigned({ url }: ReceivedRequest): boolean {
	return SIGNED_PATH.test(url.pathname);
}

const SIGNED_PATH = /^\/-\/files\/([^/]+)\.mp4$/;

function encode({ status = 200, headers, json }: DialectAnswer): WireAnswer {
	const body = Buffer.from(JSON.stringify(json));
	return { status, headers: { "content-type": "application/json", ...headers }, body };
}
