import type { BatchMeans } from "../../src/batch/index.ts";
import type { GenerateOptions, TextToVideoRequest, VideoResult, VideoService } from "../../src/index.ts";
import { VirtualClock } from "../policies/virtual-clock.ts";

export type Means = BatchMeans<TextToVideoRequest, GenerateOptions>;
export type Generate = Means["generate"];

/** Everything that a batch needs, with every item at one provider. */
export function meansOf(generate: Generate, other: Partial<Means> = {}): Means {
	return {
		generate,
		providersOf: () => ["fake"],
		checkOptions: (options) => options,
		clock: new VirtualClock(),
		logger: { error: () => undefined },
		...other,
	};
}

/** The means of a service, as the service itself would put them together. */
export function meansOfService(videos: VideoService, other: Partial<Means> = {}): Means {
	return meansOf((request, options) => videos.textToVideo(request, options), other);
}

/** A result that tells which request it is of. */
export function videoOf({ prompt }: TextToVideoRequest): VideoResult {
	return { id: prompt, path: `/videos/${prompt}.mp4`, attempts: [] } as unknown as VideoResult;
}

/** Requests with the prompts `1` to `count`. */
export function requests(count: number): readonly TextToVideoRequest[] {
	return Array.from({ length: count }, (_, index) => ({ prompt: String(index + 1) }));
}
