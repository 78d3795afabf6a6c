import type { TimeOfDay } from "../art/palette.ts";
import type { Random } from "../art/random.ts";
import type { SceneName } from "../prompt/vocabulary.ts";
import type { SceneBuilder } from "./scene.ts";
import { buildSea } from "./sea.ts";

/** How each place is drawn. */
export const SCENES: Readonly<Record<SceneName, SceneBuilder>> = {
	sky: buildSea,
	sea: buildSea,
	lake: buildSea,
	hills: buildSea,
	mountains: buildSea,
	city: buildSea,
	forest: buildSea,
	desert: buildSea,
	space: buildSea,
	winter: buildSea,
	campfire: buildSea,
	underwater: buildSea,
};

/** The light that suits each place when the prompt names none. */
const TIMES: Readonly<Record<SceneName, readonly [TimeOfDay, ...TimeOfDay[]]>> = {
	sky: ["day", "dusk", "dawn"],
	sea: ["dusk", "day", "dawn"],
	lake: ["dawn", "dusk", "day"],
	hills: ["day", "dawn", "day"],
	mountains: ["dawn", "day", "dusk"],
	city: ["dusk", "night"],
	forest: ["dawn", "day"],
	desert: ["dusk", "day"],
	space: ["night"],
	winter: ["day", "dusk", "night"],
	campfire: ["night"],
	underwater: ["day"],
};

/** Chooses the light for a place. */
export function defaultTime(scene: SceneName, random: Random): TimeOfDay {
	return random.pick(TIMES[scene]);
}
