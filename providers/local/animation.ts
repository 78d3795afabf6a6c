import type { SKRSContext2D } from "@napi-rs/canvas";
import { createCamera, lookThrough } from "./art/camera.ts";
import { easeInOut } from "./art/easing.ts";
import { paintVignette } from "./art/finish.ts";
import { createPalette } from "./art/palette.ts";
import { createRandom, hashText } from "./art/random.ts";
import type { Moment, Stage } from "./art/stage.ts";
import { weatherLayers } from "./art/weather.ts";
import { createCaption } from "./caption.ts";
import { createPhotoShot, type Photo } from "./photo.ts";
import { readPrompt } from "./prompt/read-prompt.ts";
import type { RenderSpec } from "./render-spec.ts";
import { defaultTime, SCENES } from "./scenes/index.ts";
import { SUBJECTS } from "./subjects/index.ts";

/** Draws one moment of a clip over the whole frame. */
export type Shot = (context: SKRSContext2D, moment: Moment) => void;

/** The pictures that a clip starts from and ends on. */
export interface Photos {
	readonly image?: Photo;
	readonly lastFrame?: Photo;
}

/** The share of a clip at which its pictures begin to give way to the last frame, and at which they have. */
const DISSOLVE = [0.45, 0.95] as const;

/** Everything that a clip shows, as one function of the frame's number. */
export function createAnimation(
	spec: RenderSpec,
	width: number,
	height: number,
	photos: Photos,
): (context: SKRSContext2D, frame: number) => void {
	const random = createRandom(spec.seed).fork(spec.prompt);
	const seconds = spec.frameCount / spec.fps;
	const { camera } = readPrompt(spec.prompt);
	const shot =
		photos.image === undefined
			? createSceneShot(spec, width, height, seconds)
			: createPhotoShot(photos.image, width, height, camera ?? "zoom-in");
	const last =
		photos.lastFrame === undefined ? undefined : createPhotoShot(photos.lastFrame, width, height, "zoom-out");
	const vignette =
		photos.image === undefined && photos.lastFrame === undefined ? paintVignette({ width, height, random }) : undefined;
	const caption = spec.caption === undefined ? undefined : createCaption(spec.caption, width, height);
	return (context, frame) => {
		const moment: Moment = { seconds: frame / spec.fps, share: frame / Math.max(1, spec.frameCount - 1) };
		context.setTransform(1, 0, 0, 1, 0, 0);
		context.globalAlpha = 1;
		context.globalCompositeOperation = "source-over";
		shot(context, moment);
		if (last !== undefined) {
			const presence = easeInOut((moment.share - DISSOLVE[0]) / (DISSOLVE[1] - DISSOLVE[0]));
			if (presence > 0) {
				context.globalAlpha = presence;
				last(context, moment);
				context.globalAlpha = 1;
			}
		}
		if (vignette !== undefined) context.drawImage(vignette, 0, 0);
		caption?.(context, moment);
	};
}

function createSceneShot(spec: RenderSpec, width: number, height: number, seconds: number): Shot {
	const reading = readPrompt(spec.prompt);
	const random = createRandom(spec.seed).fork(`${hashText(spec.prompt)}`);
	const time = reading.time ?? defaultTime(reading.scene, random.fork("time"));
	const stage: Stage = {
		width,
		height,
		unit: Math.min(width, height) / 100,
		seconds,
		palette: createPalette(time, reading.weather, reading.mood, random.fork("palette")),
		weather: reading.weather,
		wind: reading.wind,
		random,
	};
	const scene = SCENES[reading.scene](stage);
	const subjects = reading.subjects.flatMap(({ name, color }, index) =>
		SUBJECTS[name](stage, { scene, index, ...(color === undefined ? {} : { color }) }),
	);
	// The sort is stable: at the same depth, later parts lie over earlier ones.
	const layers = [...scene.layers, ...subjects, ...weatherLayers(stage, scene)].sort(
		(first, second) => first.depth - second.depth,
	);
	const view = createCamera(reading.camera ?? "drift", random.fork("camera"));
	return (context, moment) => {
		const now = view(moment);
		context.drawImage(scene.backdrop, 0, 0);
		for (const layer of layers) {
			context.save();
			lookThrough(context, stage, now, layer.depth);
			layer.paint(context, moment);
			context.restore();
		}
	};
}
