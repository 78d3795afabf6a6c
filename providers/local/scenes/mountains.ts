import { cloudLayers } from "../art/clouds.ts";
import { mix, rgb } from "../art/color.ts";
import { grassLayer } from "../art/grass.ts";
import { paintRange, rangeColors } from "../art/peaks.ts";
import { alongRidge, ridgeLayer, rollingOutline } from "../art/ridges.ts";
import type { Layer, Stage } from "../art/stage.ts";
import { addPine } from "../art/trees.ts";
import { mistLayer } from "../art/weather.ts";
import { openSky } from "./open-sky.ts";
import type { SceneBuilder } from "./scene.ts";

/** Snowy peaks behind wooded ridges. */
export const buildMountains: SceneBuilder = (stage) => {
	const { width, height, unit, palette } = stage;
	const horizon = height * 0.62;
	const sky = openSky(stage, horizon);
	const towards = sky.luminary.x > width / 2 ? 1 : -1;
	const rise = Math.min(height * 0.42, unit * 58);
	const far = paintRange(
		stage,
		{ foot: height * 0.62, rise: rise * 0.82, depth: 0.06, ...rangeColors(stage, 0.62), snowLine: 0.55, towards },
		"far",
	);
	const near = paintRange(
		stage,
		{ foot: height * 0.72, rise, depth: 0.12, ...rangeColors(stage, 0.24), snowLine: 0.5, towards },
		"near",
	);
	const random = stage.random.fork("mountains");
	const woods: Layer[] = [0, 1, 2].map((index) => {
		const outline = rollingOutline(random.fork(`${index}`), {
			y: height * (0.7 + 0.115 * index),
			rise: unit * 6,
			length: unit * (30 + 14 * index),
		});
		const color = palette.lit(rgb(["#4f7a72", "#2f5f57", "#1b3f3d"][index] ?? "#1b3f3d"), 0.42 - 0.2 * index);
		const trees = random.fork(`trees ${index}`);
		return ridgeLayer(
			stage,
			{
				heightAt: outline,
				depth: 0.24 + 0.26 * index,
				color,
				footColor: index === 2 ? palette.lit(rgb("#0f2528")) : mix(color, palette.haze, 0.55),
				foot: height * (0.82 + 0.12 * index),
			},
			(path) => {
				alongRidge(stage, trees, unit * (0.9 + 1.1 * index), (x) => {
					const size = unit * (3.2 + 4.4 * index) * trees.range(0.6, 1.25);
					addPine(path, x, outline(x) + unit * 0.6, size, trees);
				});
			},
		);
	});
	return {
		backdrop: sky.backdrop,
		layers: [
			...sky.layers,
			...cloudLayers(stage, sky.luminary, height * 0.08, height * 0.4, 6),
			far.layer,
			near.layer,
			mistLayer(stage, height * 0.7, 0.42),
			...woods,
			mistLayer(stage, height * 0.84, 0.2),
			...knoll(stage),
		],
		horizon,
		luminary: sky.luminary,
		ground: { y: height * 0.91, depth: 0.88, scale: 1 },
	};
};

/** A grassy rise close by, for things to stand on. */
function knoll(stage: Stage): Layer[] {
	const { width, height, unit, palette } = stage;
	const crest = (x: number): number => height * 0.985 - unit * 9 * Math.exp(-(((x / width - 0.5) * 2.1) ** 2));
	return [
		ridgeLayer(stage, {
			heightAt: crest,
			depth: 0.86,
			color: palette.lit(rgb("#24493c")),
			footColor: palette.lit(rgb("#10231f")),
			foot: height,
		}),
		grassLayer(
			stage,
			{ groundAt: crest, depth: 0.87, color: palette.lit(rgb("#1f4336")), size: 2.4, count: 230 },
			"knoll",
		),
	];
}
