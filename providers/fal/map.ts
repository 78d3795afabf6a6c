import {
	asListed,
	countedInFrames,
	given,
	type HttpAnswer,
	inputWriter,
	type OperationStatus,
	type OptionStyle,
	running,
	type StyleOverride,
	USUAL_NAMES,
	videoAt,
	type WriteOption,
} from "../../src/provider-kit/index.ts";
import { announcedIn, billedIn, failed, failureIn, readFailure } from "./errors.ts";
import { CATALOGUE } from "./models.ts";
import type { FalStatus } from "./wire.ts";

const USUAL: OptionStyle = {
	names: { ...USUAL_NAMES, image: "image_url", lastFrame: "end_image_url", references: "image_urls" },
	values: { resolution: asListed(CATALOGUE.model) },
	implied: {
		resolution: (wanted, { model }) => String(CATALOGUE.model(model)?.resolutions) === wanted.toLowerCase(),
		generateAudio: (isWanted, { model }) => isWanted && CATALOGUE.model(model)?.audio === "always",
	},
};
/** How families differ, by endpoint. They serve newer members of a family too. */
const OVERRIDES: readonly (readonly [RegExp, StyleOverride])[] = [
	[/^fal-ai\/veo|^luma\/|^fal-ai\/luma-/, { values: { durationSeconds: (seconds) => `${seconds}s` } }],
	[/^fal-ai\/veo[^/]*(?:\/\w+)?\/first-last/, { names: { image: "first_frame_url", lastFrame: "last_frame_url" } }],
	[/^(?:fal-ai\/)?bytedance\/seedance|^fal-ai\/kling-video\//, { values: { durationSeconds: String } }],
	[
		/^fal-ai\/kling-video\/(?:v3|o3)\//,
		{
			names: { resolution: null, guidanceScale: "cfg_scale" },
			values: { guidanceScale: between(0, 1) },
		},
	],
	[/^fal-ai\/kling-video\/(?:v3\/\w+\/image|o3\/\w+\/reference)-to-video/, { names: { image: "start_image_url" } }],
	[/^alibaba\/wan-3\.0/, { names: { generateAudio: "audio" } }],
	[/^alibaba\/wan-3\.0[^/]*\/image-to-video/, { names: { image: "start_image_url" } }],
	[/^(?:fal-ai\/wan\/v2\.7|google\/gemini-omni|minimax\/|xai\/|alibaba\/happy)/, { names: { generateAudio: null } }],
	[
		/^(?:fal-ai\/wan\/v2\.7|alibaba\/wan-3\.0[^/]*|minimax\/h3[^/]*|xai\/.+)\/reference/,
		{ names: { references: "reference_image_urls" } },
	],
	[/^fal-ai\/wan\/v2\.2-a14b\//, countedInFrames({ min: 17, max: 161, fps: 16 })],
	[/^fal-ai\/veo3\.1\/reference/, { maxReferences: 3 }],
	[/^bytedance\/seedance-2\.5\/reference/, { maxReferences: 30 }],
	[/^(?:bytedance\/seedance-2\.0|minimax\/h3\/).*reference/, { maxReferences: 9 }],
	[/^(?:fal-ai\/kling-video\/o3|xai)\/.*reference/, { maxReferences: 7 }],
	[/^alibaba\/wan-3\.0\/reference/, { maxReferences: 10 }],
];

/** Writes a scale that has ends of its own. */
function between(min: number, max: number): WriteOption<"guidanceScale"> {
	return (scale, { receiver, warn }) => {
		const nearest = Math.min(max, Math.max(min, scale));
		if (nearest !== scale) warn(`guidanceScale: ${scale} became ${nearest}, as ${receiver} takes ${min} to ${max}`);
		return nearest;
	};
}

/** The model's input for a request, as `inputWriter` of the kit writes it. */
export const toInput = inputWriter("providerOptions.fal", USUAL, OVERRIDES);

/** Where the video is in a result: most models name it `video`; a few have a list, or the URL alone. */
const VIDEO_PLACES = [["video"], ["videos", 0], ["output"], ["outputs", 0], ["video_url"], []];

/** The queue's word on an operation that is not complete. A word that is not known means that it still runs. */
export function toRunning({ status, queue_position: queuePosition, logs }: FalStatus): OperationStatus {
	if (status !== "IN_QUEUE") return running(logs?.at(-1)?.message);
	return { state: "queued", ...given({ queuePosition }) };
}

/** What the result of a complete operation means. Throws a retryable `ProviderError` when it is none. */
export function toEnded(answer: HttpAnswer, queued: FalStatus): OperationStatus {
	const { status, json } = answer;
	const announced = announcedIn(queued);
	const isEarly = status >= 400 && /still in progress/i.test(failureIn(json)?.reason ?? "");
	if (isEarly || status === 202 || json === undefined) {
		return announced === undefined ? { state: "running" } : failed(announced);
	}
	if (status >= 400) return readFailure(answer, announced);
	const video = videoAt(json, VIDEO_PLACES);
	if (video !== undefined) return { state: "succeeded", assets: [video] };
	return failed(announced ?? { types: [], reason: "the result has no video in it" }, 500, billedIn([], answer));
}
