import type { VideoEventListener, VideoEventName, VideoEventSource, VideoEvents } from "./events.ts";
import type { LineLevel, Logger } from "./logger.ts";
import { scrubValue } from "./scrub-value.ts";

/** Announces what happens. The one source for progress bars, logs, traces and metrics. */
export class EventHub implements VideoEventSource {
	readonly #listeners = new Map<VideoEventName, Set<(event: never) => void>>();
	readonly #logger: Logger;

	constructor(logger: Logger) {
		this.#logger = logger;
	}

	on<Name extends VideoEventName>(name: Name, listener: VideoEventListener<Name>): () => void {
		const listeners = this.#listeners.get(name) ?? new Set();
		this.#listeners.set(name, listeners);
		listeners.add(listener);
		return () => listeners.delete(listener);
	}

	/** Writes a log line, and calls every listener of the event in turn. All get the same copy, without secrets. */
	emit<Name extends VideoEventName>(name: Name, event: VideoEvents[Name]): void {
		const safe = scrubValue(event) as VideoEvents[Name];
		this.#log(levelOf(name, safe), safe, name);
		for (const listener of [...(this.#listeners.get(name) ?? [])]) {
			callHarmlessly(
				() => (listener as VideoEventListener<Name>)(safe),
				(problem) => this.#log("error", scrubValue({ event: name, problem }) as object, "a listener threw"),
			);
		}
	}

	#log(level: LineLevel, fields: object, message: string): void {
		callHarmlessly(
			() => this.#logger[level](fields, message),
			() => undefined,
		);
	}
}

/** Calls what belongs to somebody else. What it throws, or rejects with, goes to `onError`. */
function callHarmlessly(call: () => unknown, onError: (error: unknown) => void): void {
	try {
		const result = call();
		if (typeof result === "object" && result !== null && "then" in result) {
			Promise.resolve(result).catch(onError);
		}
	} catch (error) {
		onError(error);
	}
}

/** The level of events that do not depend on what they say. */
const LEVELS: Readonly<Partial<Record<VideoEventName, LineLevel>>> = {
	"attempt-started": "debug",
	progress: "debug",
	"download-started": "debug",
	"download-progress": "debug",
	warning: "warn",
};

function levelOf(name: VideoEventName, event: VideoEvents[VideoEventName]): LineLevel {
	const level = LEVELS[name];
	if (level !== undefined) return level;
	if ("state" in event && (event.state === "failed" || event.state === "submit_unknown")) return "error";
	if ("state" in event && (event.state === "open" || event.state === "quarantined")) return "warn";
	const { errorCode } = "attempt" in event ? event.attempt : { errorCode: undefined, ...event };
	return errorCode === undefined ? "info" : "warn";
}
