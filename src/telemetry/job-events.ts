import type { EventHub, VideoEventName, VideoEvents } from "./events.ts";

/** An event of one job, with its name. */
export type JobEventRecord = {
	readonly [Name in JobEventName]: { readonly type: Name } & VideoEvents[Name];
}[JobEventName];

type JobEventName = Exclude<VideoEventName, "breaker-changed">;

const NAMES: readonly JobEventName[] = Object.keys({
	"job-created": true,
	"attempt-started": true,
	"attempt-ended": true,
	progress: true,
	"generation-ended": true,
	"download-progress": true,
	warning: true,
	"job-ended": true,
} satisfies { readonly [Name in JobEventName]: true }) as JobEventName[];

/** The events of one job from the first turn of the loop on, until it has ended or the signal is aborted. */
export async function* jobEvents(
	hub: EventHub,
	jobId: string,
	hasEnded: boolean,
	signal?: AbortSignal,
): AsyncGenerator<JobEventRecord, void, undefined> {
	const queue: JobEventRecord[] = [];
	let wake: () => void = () => undefined;
	let ended = hasEnded;
	const stops = NAMES.map((type) =>
		hub.on(type, (event) => {
			if (event.jobId !== jobId) return;
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
