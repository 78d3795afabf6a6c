import type { Billed } from "../provider/index.ts";
import type { Attempt } from "./attempt.ts";
import { VIDEO_ERROR_MARK } from "./mark.ts";
import { redact } from "./redact.ts";
import { scrubCause } from "./scrub-cause.ts";

/** Where in the life of a job the error arose. */
export type ErrorPhase = "input" | "submit" | "poll" | "download" | "media" | "config";

/** What every error may carry beside its message. */
export interface VideoErrorDetails {
	/** Where it arose. Most classes know it. */
	readonly phase?: ErrorPhase;
	/** Whether that phase, and only that phase, may be tried again as it is. Default `false`. */
	readonly retryable?: boolean;
	/** Whether money was taken. Default `"no"`. */
	readonly billed?: Billed;
	/** The provider's id. */
	readonly provider?: string;
	/** The model reference, `provider:model`. */
	readonly model?: string;
	/** The id of the job, once there is one. */
	readonly jobId?: string;
	/** Resumes the job; present exactly when a provider accepted it. */
	readonly token?: string;
	/** Every model of the chain that was looked at, in order. */
	readonly attempts?: readonly Attempt[];
	/** The service's own id of the failing call, for its support. */
	readonly requestId?: string;
	/** What the service asked us to wait before trying again, in milliseconds. */
	readonly retryAfterMs?: number;
	/** The error underneath. Foreign errors are reduced to name, code, and redacted message. */
	readonly cause?: unknown;
}

/** What the core adds to an error on its way up. */
export type VideoErrorContext = Pick<VideoErrorDetails, "provider" | "model" | "jobId" | "token" | "attempts">;

/**
 * The base of every error that reelay throws. Branch on `code` (or the class), never on the message.
 * Each code has its section in `docs/errors.md`.
 */
export abstract class VideoError extends Error {
	/** Identifies the kind of error; never changes between releases. */
	abstract readonly code: string;
	/** Where in the life of a job it arose. */
	readonly phase: ErrorPhase;
	/** Whether that phase, and only that phase, may be tried again as it is. Never "generate again". */
	readonly retryable: boolean;
	/** Whether money was taken. */
	readonly billed: Billed;
	/** The service's own id of the failing call, for its support. */
	declare readonly requestId?: string;
	/** What the service asked us to wait before trying again, in milliseconds. */
	declare readonly retryAfterMs?: number;
	/** The provider's id. */
	declare provider?: string;
	/** The model reference, `provider:model`. */
	declare model?: string;
	/** The id of the job, once there is one. */
	declare jobId?: string;
	/** Resumes the job; present exactly when a provider accepted it. */
	declare token?: string;
	/** Every model of the chain that was looked at, in order. */
	declare attempts?: readonly Attempt[];

	protected constructor(message: string, phase: ErrorPhase, details: VideoErrorDetails = {}) {
		super(redact(message), details.cause === undefined ? undefined : { cause: scrubCause(details.cause) });
		this.name = new.target.name;
		this.phase = details.phase ?? phase;
		this.retryable = details.retryable ?? false;
		this.billed = details.billed ?? "no";
		if (details.requestId !== undefined) this.requestId = redact(details.requestId);
		if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
		this.addContext(details);
		Object.defineProperty(this, VIDEO_ERROR_MARK, { value: true, enumerable: false });
	}

	/** Fills in what the place that threw could not know. What is known already stays. */
	addContext(context: VideoErrorContext): this {
		if (this.provider === undefined && context.provider !== undefined) this.provider = context.provider;
		if (this.model === undefined && context.model !== undefined) this.model = context.model;
		if (this.jobId === undefined && context.jobId !== undefined) this.jobId = context.jobId;
		if (this.token === undefined && context.token !== undefined) this.token = context.token;
		if (this.attempts === undefined && context.attempts !== undefined) this.attempts = context.attempts;
		return this;
	}

	/** Everything but the stack and the cause, ready for a log or for `--json`. */
	toJSON(): Record<string, unknown> {
		return Object.assign<Record<string, unknown>, object>(
			{ name: this.name, code: this.code, message: this.message },
			this,
		);
	}
}

/** Whether a caught value is one of reelay's errors, also when it comes from another copy of the package. */
export function isVideoError(value: unknown): value is VideoError {
	return value instanceof Error && VIDEO_ERROR_MARK in value;
}
