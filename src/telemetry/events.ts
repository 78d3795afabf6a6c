import { type Attempt, redact } from "../errors/index.ts";
import type { VideoTask } from "../provider/index.ts";
import type { Logger } from "./logger.ts";

/** What every event carries. */
interface JobEvent {
	/** The job's id. */
	readonly jobId: string;
}

/** Everything that is announced, by name. No event holds a secret, a URL of a result, or image bytes. */
export interface VideoEvents {
	/** A request was accepted for processing; nothing was sent yet. */
	"job-created": JobEvent & { readonly task: VideoTask; readonly models: readonly string[] };
	/** A submission is about to be sent; the ledger holds the intent. */
	"attempt-started": JobEvent & { readonly model: string };
	/** A submission ended, or a model was skipped. */
	"attempt-ended": JobEvent & { readonly attempt: Attempt };
	/** A look at the operation. */
	progress: JobEvent & {
		readonly model: string;
		readonly state: "queued" | "running";
		/** Share done, 0 to 1, when the service measures it. */
		readonly progress?: number;
		/** Operations ahead of this one. */
		readonly queuePosition?: number;
	};
	/** The service has the video; the download begins. */
	"generation-ended": JobEvent & { readonly model: string; readonly generationMs: number };
	/** Bytes of the video arrived. */
	"download-progress": JobEvent & { readonly receivedBytes: number; readonly totalBytes?: number };
	/** Something the user should know; it is also in the result. */
	warning: JobEvent & { readonly message: string };
	/** The job reached its end. */
	"job-ended": JobEvent & {
		readonly state: "succeeded" | "failed" | "cancelled" | "submit_unknown";
		/** The error's code; absent on success. */
		readonly errorCode?: string;
	};
	/** Calls of one stage of one model are no longer made, are tried again, or are made again; or a provider is left alone. */
	"breaker-changed": {
		/** The provider's id. */
		readonly provider: string;
		/** The model reference; absent when the whole provider is meant. */
		readonly model?: string;
		/** What the calls are for; absent for a quarantine. */
		readonly stage?: "submit" | "poll" | "download";
		readonly state: "closed" | "open" | "half-open" | "quarantined";
		/** The code of the error behind it, or the reason of the quarantine. */
		readonly reason?: string;
	};
}

/** The name of an event. */
export type VideoEventName = keyof VideoEvents;

/** Called with an event; what it throws is logged and harms nothing. */
export type VideoEventListener<Name extends VideoEventName> = (event: VideoEvents[Name]) => void;

/** Announces what happens. The one source for progress bars, logs, traces and metrics. */
export class EventHub {
	readonly #listeners = new Map<VideoEventName, Set<(event: never) => void>>();
	readonly #logger: Logger;

	constructor(logger: Logger) {
		this.#logger = logger;
	}

	/** Adds a listener; the function it returns removes it. */
	on<Name extends VideoEventName>(name: Name, listener: VideoEventListener<Name>): () => void {
		const listeners = this.#listeners.get(name) ?? new Set();
		this.#listeners.set(name, listeners);
		listeners.add(listener);
		return () => listeners.delete(listener);
	}

	/** Calls every listener of the event in turn. */
	emit<Name extends VideoEventName>(name: Name, event: VideoEvents[Name]): void {
		this.#logger.debug(event, name);
		for (const listener of this.#listeners.get(name) ?? []) {
			try {
				(listener as VideoEventListener<Name>)(event);
			} catch (error) {
				this.#logger.error({ event: name, problem: redact(String(error)) }, "a listener threw");
			}
		}
	}
}
