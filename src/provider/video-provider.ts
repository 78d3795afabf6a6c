import type { CallContext, StartContext } from "./call-context.ts";
import type { JsonValue } from "./json.ts";
import type { ModelCapabilities } from "./model-capabilities.ts";
import type { OperationStatus } from "./operation-status.ts";
import type { ProviderRequest } from "./provider-request.ts";
import type { ProviderTraits } from "./provider-traits.ts";

/** What an accepted submission gave back. */
export interface StartResult {
	/**
	 * The provider's own reference to the operation: plain JSON, at most 512 bytes, no secret. It is
	 * stored, and may come back years later or tampered with: parse it, never cast it.
	 */
	readonly handle: JsonValue;
	/** The status, when the service told it in the same answer. */
	readonly status?: OperationStatus;
	/** Things the user should know about what was sent. */
	readonly warnings?: readonly string[];
}

/** What is known about a submission whose answer was lost. */
export interface SubmissionIntent {
	/** The job it belongs to. */
	readonly jobId: string;
	/** The key that was sent with it. */
	readonly idempotencyKey: string;
	/** The model it went to, without the provider's prefix. */
	readonly model: string;
	/** SHA-256 of everything that was asked for, in hexadecimal. */
	readonly inputHash: string;
	/** When it was sent, in milliseconds since 1970-01-01 UTC. */
	readonly submittedAtMs: number;
	/** What `start` marked it with, perhaps in another process; absent when it did not come so far. */
	readonly mark?: string;
}

/**
 * What came of a cancellation. `cancelled`: it will not be generated. `requested`: it may still
 * finish and be billed. `finished`: it had ended before. `unsupported`: the service cannot.
 */
export type CancelOutcome = "cancelled" | "requested" | "finished" | "unsupported";

/** Whether a provider can be used. */
export interface ProviderCheck {
	readonly usable: boolean;
	/** What it would use, or what is missing and how to get it; one line, no secret. */
	readonly detail: string;
}

/**
 * A service adapter. It only looks: it never sleeps, polls, retries, downloads, or reads the clock
 * or the environment. The core owns every wait and decides what is sent again.
 */
export interface VideoProvider {
	/** The prefix of its model references: lower-case letters, digits and `-`, starting with a letter. */
	readonly id: string;
	/** What the service promises. */
	readonly traits: ProviderTraits;
	/**
	 * Tells accounts of the service apart without naming one: the first 8 hexadecimal digits of the SHA-256
	 * of the key (`accountFingerprint` of the kit). A token of another account is refused before any request.
	 * Absent when there is no key.
	 */
	readonly account?: string | undefined;

	/**
	 * What a model can do. `undefined` means unknown: the core passes the request through with a
	 * warning. Must be pure and fast: it is called for every request.
	 */
	model(id: string): ModelCapabilities | undefined;

	/** The models it knows, for listings. Absent: none are listed, though all may work. */
	models?(): readonly ModelCapabilities[];

	/**
	 * Sends one submission, never a second. Returning means *accepted*. Throwing a `VideoError` with
	 * `billed: "no"` means *rejected*: provably nothing was accepted, and `retryable` says whether the
	 * same may be sent again. Throwing anything else means *unknown*: for a paid provider the core
	 * then sends nothing again by itself.
	 */
	start(request: ProviderRequest, context: StartContext): Promise<StartResult>;

	/**
	 * Takes one look at an operation and returns the service's verdict. Throws on transport errors,
	 * which never end an operation, and `OperationNotFoundError` when the service does not know it.
	 */
	status(handle: JsonValue, context: CallContext): Promise<OperationStatus>;

	/** Asks the service to stop an operation. Absent when `traits.cancel` is `"none"`. */
	cancel?(handle: JsonValue, context: CallContext): Promise<CancelOutcome>;

	/** Looks for the operation of a submission whose answer was lost; `undefined` when there is none. */
	find?(intent: SubmissionIntent, context: CallContext): Promise<JsonValue | undefined>;

	/**
	 * The handle of an operation that the user found at the service, from the id that the service shows.
	 * Throws `InputError` for what cannot be an id. Absent: a handle is an id as it is, or its JSON.
	 */
	adopt?(operationId: string, model: string): JsonValue;

	/**
	 * Says whether it can be used here and now, for `reelay doctor`, by looks that cost nothing. Absent:
	 * it is taken to be usable.
	 */
	check?(): Promise<ProviderCheck>;

	/**
	 * Frees what the provider holds in memory for one operation. Called when its job has ended: the video
	 * is safe on disk, or nobody will ask for it again. Absent when it holds nothing.
	 */
	release?(handle: JsonValue): void;

	/** Frees what the provider holds (processes, sockets). Called once, by `VideoService.close`. */
	close?(): Promise<void>;
}
