import { cloudLayers } from "../art/clouds.ts";
import { mix, rgb } from "../art/color.ts";
import { ridgeLayer, rollingOutline } from "../art/ridges.ts";
import { openSky } from "./open-sky.ts";
import type { SceneBuilder } from "./scene.ts";

/** High above the land, among clouds. */
export const buildSky: SceneBuilder = (stage) => {
	const { height, unit, palette } = stage;
	const horizon = height * 0.88;
	const sky = openSky(stage, horizon);
	const random = stage.random.fork("land");
	const ridges = [0, 1].map((index) =>
		ridgeLayer(stage, {
			heightAt: rollingOutline(random.fork(`${index}`), {
				y: height * (0.88 + 0.05 * index),
				rise: unit * 4,
				length: unit * 60,
			}),
			depth: 0.06 + 0.06 * index,
			color: palette.lit(rgb("#4f7f86"), 0.72 - 0.25 * index),
			footColor: mix(palette.lit(rgb("#4f7f86"), 0.8), palette.haze, 0.5),
			foot: height,
		}),
	);
	return {
		backdrop: sky.backdrop,
		layers: [
			...sky.layers,
			...ridges,
			...cloudLayers(stage, sky.luminary, height * 0.42, height * 0.8, 11),
			...cloudLayers(stage, sky.luminary, height * 1.02, height * 1.08, 7),
			...cloudLayers(stage, sky.luminary, height * 0.14, height * 0.36, 4),
		],
		horizon,
		luminary: sky.luminary,
	};
};
