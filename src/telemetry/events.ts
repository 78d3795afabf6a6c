import type { Attempt } from "../errors/index.ts";
import type { Billed, VideoTask } from "../provider/index.ts";
import type { ProgressEstimate } from "./estimate-progress.ts";

/** What every event of a job carries. */
interface JobEvent {
	/** The job's id. */
	readonly jobId: string;
}

/** Everything that is announced, by name. No event holds a secret, a signed URL, or image bytes. */
export interface VideoEvents {
	/** A request was accepted for processing; nothing was sent yet. */
	"job-created": JobEvent & { readonly task: VideoTask; readonly models: readonly string[] };
	/** This process takes up a job that was recorded before. Nothing is submitted for it. */
	"job-resumed": JobEvent & {
		readonly task: VideoTask;
		/** The model that has it, `provider:model`. */
		readonly model: string;
		/** Where it stands. */
		readonly state: string;
	};
	/** A submission is about to be sent; the ledger holds the intent. */
	"attempt-started": JobEvent & { readonly model: string };
	/** A submission ended, a model was skipped, or a lost submission was found again. */
	"attempt-ended": JobEvent & { readonly attempt: Attempt };
	/** A look at the operation. */
	progress: JobEvent & {
		readonly model: string;
		readonly state: "queued" | "running";
		/** Share done, 0 to 1, when the service measures it. */
		readonly progress?: number;
		/** Operations ahead of this one. */
		readonly queuePosition?: number;
		/** What reelay makes of it. Never the service's word. */
		readonly estimate?: ProgressEstimate;
	};
	/** The service has the video, or says why there will be none. */
	"generation-ended": JobEvent & {
		readonly model: string;
		/** Since the acceptance, in milliseconds. */
		readonly generationMs: number;
		/** The code of the error; absent when there is a video. */
		readonly errorCode?: string;
	};
	/** The video is about to be fetched, or fetched again. */
	"download-started": JobEvent & { readonly model: string };
	/** Bytes of the video arrived. */
	"download-progress": JobEvent & {
		readonly receivedBytes: number;
		/** The size of the video, where the service told. */
		readonly totalBytes?: number;
		/** The rate of the last seconds. */
		readonly bytesPerSecond: number;
		/** What the rest will take at that rate, in milliseconds, where the size is known. An estimate. */
		readonly remainingMs?: number;
	};
	/** The file is in place, or the fetching failed and the video is still at the service. */
	"download-ended": JobEvent & {
		readonly model: string;
		/** In milliseconds. */
		readonly downloadMs: number;
		/** The size of the file; absent when there is none. */
		readonly sizeBytes?: number;
		/** The code of the error; absent when the file is in place. */
		readonly errorCode?: string;
	};
	/** Something the user should know; it is also in the result. */
	warning: JobEvent & { readonly message: string };
	/** Nobody in this process waits for the job any more. It has not ended: resuming it goes on from where it stands. */
	"job-detached": JobEvent & {
		/** Where it stands. */
		readonly state: string;
	};
	/** The job reached its end. */
	"job-ended": JobEvent & {
		readonly state: "succeeded" | "failed" | "cancelled" | "submit_unknown";
		/** The model that had it last, `provider:model`. */
		readonly model?: string;
		/** The error's code; absent on success. */
		readonly errorCode?: string;
		/** Present when the job had ended before, mostly in another process, and this one has only noticed. */
		readonly elsewhere?: true;
		/** Whether money was taken, when it did not succeed. */
		readonly billed?: Billed;
		/** What the video cost, in US dollars, and who says so; absent when it is not known, or there is none. */
		readonly cost?: { readonly usd: number; readonly source: "service" | "estimate" | "free" };
	};
	/** Items of a batch started or ended. */
	"batch-progress": {
		/** Tells one call of `batch` or `batchStream` from another. */
		readonly batchId: string;
		/** How many items there are; absent while the end of a stream is not known. */
		readonly total?: number;
		/** How many have ended, well or not. */
		readonly done: number;
		/** How many of those have a video. */
		readonly successful: number;
		/** How many of those have none. */
		readonly failed: number;
		/** How many are being worked on. */
		readonly running: number;
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

/** Called with an event. What it throws, or rejects with, is logged and harms nothing. */
export type VideoEventListener<Name extends VideoEventName> = (event: VideoEvents[Name]) => void;

/** Whatever announces events: a `VideoService`, above all. */
export interface VideoEventSource {
	/** Calls the listener for every event of that name; the function it returns removes it. */
	on<Name extends VideoEventName>(event: Name, listener: VideoEventListener<Name>): () => void;
}
