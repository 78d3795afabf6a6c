import type { TimeOfDay } from "../art/palette.ts";
import type { Random } from "../art/random.ts";
import type { SceneName } from "../prompt/vocabulary.ts";
import { buildCampfire } from "./campfire.ts";
import { buildCity } from "./city.ts";
import { buildDesert } from "./desert.ts";
import { buildForest } from "./forest.ts";
import { buildHills } from "./hills.ts";
import { buildLake } from "./lake.ts";
import { buildMountains } from "./mountains.ts";
import type { SceneBuilder } from "./scene.ts";
import { buildSea } from "./sea.ts";
import { buildSky } from "./sky.ts";
import { buildSpace } from "./space.ts";
import { buildUnderwater } from "./underwater.ts";
import { buildWinter } from "./winter.ts";

/** How each place is drawn. */
export const SCENES: Readonly<Record<SceneName, SceneBuilder>> = {
	sky: buildSky,
	sea: buildSea,
	lake: buildLake,
	hills: buildHills,
	mountains: buildMountains,
	city: buildCity,
	forest: buildForest,
	desert: buildDesert,
	space: buildSpace,
	winter: buildWinter,
	campfire: buildCampfire,
	underwater: buildUnderwater,
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
