import { paintBackdrop } from "../art/backdrop.ts";
import { cloudLayers } from "../art/clouds.ts";
import { skyAt } from "../art/palette.ts";
import { luminaryGlows, luminaryLayer, placeLuminary, starLayer } from "../art/sky.ts";
import type { Layer } from "../art/stage.ts";
import { glitterLayer, seaWater, waterRow, waveLayers } from "../art/water.ts";
import type { SceneBuilder } from "./scene.ts";

/** Open water to the horizon. */
export const buildSea: SceneBuilder = (stage) => {
	const { height, unit, palette } = stage;
	const horizon = height * stage.random.fork("horizon").range(0.58, 0.64);
	const luminary = placeLuminary(stage, horizon);
	const water = seaWater(stage, horizon);
	const mirror = { ...luminary, y: 2 * horizon - luminary.y };
	const backdrop = paintBackdrop(
		stage,
		(y) => (y < horizon ? skyAt(palette, y / horizon) : waterRow(stage, water, y)),
		[
			...luminaryGlows(stage, luminary),
			{
				x: mirror.x,
				y: horizon + unit * 6,
				radius: unit * 46,
				color: palette.light,
				strength: 0.32 * palette.lightStrength,
			},
		],
	);
	const disc = luminaryLayer(stage, luminary);
	const glitter = glitterLayer(stage, water, luminary);
	const layers: Layer[] = [
		...(palette.time === "night" ? [starLayer(stage, horizon, 170)] : []),
		...(disc === undefined ? [] : [disc]),
		...cloudLayers(stage, luminary, height * 0.1, horizon * 0.97, 7),
		...waveLayers(stage, water),
		...(glitter === undefined ? [] : [glitter]),
	];
	return {
		backdrop,
		layers,
		horizon,
		luminary,
		water: { y: horizon + (height - horizon) * 0.3, depth: 0.34, scale: 1 },
	};
};
