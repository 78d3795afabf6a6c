import { cloudLayers } from "../art/clouds.ts";
import type { Layer } from "../art/stage.ts";
import { glitterLayer, horizonHaze, rippleLayer, seaWater, waterRow, waveLayers } from "../art/water.ts";
import { openSky } from "./open-sky.ts";
import type { SceneBuilder } from "./scene.ts";

/** Open water to the horizon. */
export const buildSea: SceneBuilder = (stage) => {
	const { height, unit, palette } = stage;
	const horizon = height * stage.random.fork("horizon").range(0.58, 0.63);
	const water = seaWater(stage, horizon);
	const sky = openSky(stage, horizon, {
		rowColor: (y) => waterRow(stage, water, y),
		glows: ({ x }) => [
			{ x, y: horizon + unit * 4, radius: unit * 50, color: palette.light, strength: 0.42 * palette.lightStrength },
		],
	});
	const glitter = glitterLayer(stage, water, sky.luminary);
	const layers: Layer[] = [
		...sky.layers,
		...cloudLayers(stage, sky.luminary, height * 0.12, horizon * 0.96, 8),
		horizonHaze(stage, horizon),
		...waveLayers(stage, water),
		rippleLayer(stage, horizon, 0.24),
		...(glitter === undefined ? [] : [glitter]),
	];
	return {
		backdrop: sky.backdrop,
		layers,
		horizon,
		luminary: sky.luminary,
		water: { y: horizon + (height - horizon) * 0.3, depth: 0.34, scale: 1 },
	};
};
