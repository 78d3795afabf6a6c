import type { FailureKind, JsonValue } from "../provider/index.ts";

/** A request as the service received it. */
export interface ReceivedRequest {
	readonly method: string;
	readonly url: URL;
	/** By lower-case name. */
	readonly headers: Readonly<Record<string, string>>;
	/** The whole body; empty while it has not been read. */
	readonly body: Uint8Array;
	/** The body, when it is JSON. */
	readonly json: JsonValue | undefined;
	/** The body, when it is a form. */
	readonly form: FormData | undefined;
}

/** What a request asks the service for. */
export type ServiceCall =
	| {
			readonly call: "submit";
			/** The client's own id for the job, where the protocol has one. */
			readonly clientId?: string | undefined;
			readonly idempotencyKey?: string | undefined;
	  }
	| {
			readonly call: "look";
			/** The service's id of the job. */
			readonly id: string;
			/** Asks for more of what the last look showed, where one look takes two requests. */
			readonly continues?: boolean;
	  }
	| { readonly call: "cancel" | "result"; readonly id: string }
	/** A search for jobs: all, or those with this id of the client. */
	| { readonly call: "list"; readonly clientId?: string | undefined }
	/** Anything else that the protocol has: an upload, a mapping, a token. Costs nothing. */
	| { readonly call: "other"; readonly answer: DialectAnswer };

/** Why a job gave no video. */
export interface ServiceFailure {
	readonly kind: FailureKind;
	readonly reason: string;
	/** Whether it is charged all the same. `null`: it is, and the service does not say so. */
	readonly billed: boolean | null;
}

/** A job as the service shows it at one look. */
export interface ServiceJob {
	readonly id: string;
	/** `queued`, `running`, `succeeded`, `failed` or `cancelled`; a script may show any other word. */
	readonly state: string;
	/** Share done, 0 to 1. */
	readonly progress?: number | undefined;
	readonly queuePosition?: number | undefined;
	/** Present when the state is `failed`. */
	readonly failure?: ServiceFailure | undefined;
	/**
	 * Where the video is, present when the state is `succeeded`: at `resultPath` behind the key, else at a signed
	 * address that needs none. A case may show one at another origin.
	 */
	readonly resultUrl?: string | undefined;
	readonly clientId?: string | undefined;
	readonly idempotencyKey?: string | undefined;
	/** The request that made it. */
	readonly submission: ReceivedRequest;
	/** Whether it is charged. */
	readonly billed: boolean;
}

/** An answer in the words of a protocol. */
export interface DialectAnswer {
	/** @default 200 */
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly json: JsonValue;
}

/**
 * A service's protocol: how its requests are read and its answers written. The scripted service does the
 * rest, so that forty lines make it speak as any service does. Every function is pure.
 */
export interface ServiceDialect {
	/** Where the base URL of the service begins, for example `/v1`. @default "" */
	readonly basePath?: string;
	/** The failures that the protocol can express, and those that it bills. @default every kind, billed or not */
	readonly failures?: readonly { readonly kind: FailureKind; readonly billed: boolean }[];
	/**
	 * Whether a finished job says where its video is. `false`: no answer names it, as the address follows from the
	 * id. @default true
	 */
	readonly namesResult?: boolean;
	/** The status with which a repeated key is refused, where keys are. @default 409 */
	readonly duplicateStatus?: number;
	/**
	 * What a request asks for; `undefined` when there is nothing at its address. Called twice: before its
	 * body is read, when only the kind of call matters, and after.
	 */
	route(request: ReceivedRequest): ServiceCall | undefined;
	/** The key that came with a request. */
	credential(request: ReceivedRequest): string | undefined;
	/** The answer to a submission that was accepted. */
	submitted(job: ServiceJob): DialectAnswer;
	/** The answer to a look. */
	looked(job: ServiceJob, call: ServiceCall): DialectAnswer;
	/** The answer to a cancellation. The state is `cancelled`, or what it was when it had ended before. */
	cancelled?(job: ServiceJob): DialectAnswer;
	/** The answer to a search. */
	listed?(jobs: readonly ServiceJob[]): DialectAnswer;
	/** The body of an answer with an error status. */
	refused(status: number, reason: string): JsonValue;
	/** The answer to a submission whose content the service refuses, where that can be told from other refusals. */
	refusedContent?(reason: string): DialectAnswer;
	/**
	 * The path of a job's video, where looks name one that needs the key. `route` takes it for the call `result`.
	 * Absent: the address is signed, and outside the protocol.
	 */
	resultPath?(id: string): string;
	/** The id of the nth job, from 1. @default "job_" and eight digits */
	jobId?(number: number): string;
}
