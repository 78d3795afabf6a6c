import { EVENT_NAMES } from "./event-names.ts";
import type { VideoEventName, VideoEventSource, VideoEvents } from "./events.ts";

/** An event of one job, with its name. */
export type JobEventRecord = {
	readonly [Name in JobEventName]: { readonly type: Name } & VideoEvents[Name];
}[JobEventName];

type JobEventName = {
	[Name in VideoEventName]: VideoEvents[Name] extends { readonly jobId: string } ? Name : never;
}[VideoEventName];

const OF_NO_JOB: readonly VideoEventName[] = ["batch-progress", "breaker-changed"];
const NAMES = EVENT_NAMES.filter((name): name is JobEventName => !OF_NO_JOB.includes(name));

/** Of these only the latest matters: a reader that is slow must not make them pile up. */
const REPLACEABLE: readonly JobEventName[] = ["progress", "download-progress"];

/** The events of one job from the first turn of the loop on, until it has ended or the signal is aborted. */
export async function* jobEvents(
	source: VideoEventSource,
	jobId: string,
	hasEnded: boolean,
	signal?: AbortSignal,
): AsyncGenerator<JobEventRecord, void, undefined> {
	const queue: JobEventRecord[] = [];
	let wake: () => void = () => undefined;
	let ended = hasEnded;
	const stops = NAMES.map((type) =>
		source.on(type, (event) => {
			if (event.jobId !== jobId) return;
			if (REPLACEABLE.includes(type) && queue.at(-1)?.type === type) queue.pop();
			queue.push({ type, ...event } as JobEventRecord);
			if (type === "job-ended") ended = true;
			wake();
		}),
	);
	const onAbort = () => wake();
	signal?.addEventListener("abort", onAbort);
	try {
		while (signal?.aborted !== true) {
			const event = queue.shift();
			if (event !== undefined) yield event;
			else if (ended) return;
			else {
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
			}
		}
	} finally {
		signal?.removeEventListener("abort", onAbort);
		for (const stop of stops) stop();
	}
}
