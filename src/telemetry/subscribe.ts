import type { VideoEventListener, VideoEventName, VideoEventSource } from "./events.ts";

/** A listener for each of some events. */
export type EventHandlers = { readonly [Name in VideoEventName]?: VideoEventListener<Name> };

/** Adds every listener; the function it returns removes them. */
export function subscribe(source: VideoEventSource, handlers: EventHandlers): () => void {
	const stops = (Object.keys(handlers) as VideoEventName[]).map((name) => subscribeTo(source, name, handlers));
	return () => {
		for (const stop of stops) stop();
	};
}

function subscribeTo<Name extends VideoEventName>(
	source: VideoEventSource,
	name: Name,
	{ [name]: listener }: EventHandlers,
): () => void {
	return listener === undefined ? () => undefined : source.on(name, listener as VideoEventListener<Name>);
}
