import { cloudLayers } from "../art/clouds.ts";
import { mix, type Rgb, rgb } from "../art/color.ts";
import { grassLayer } from "../art/grass.ts";
import { alongRidge, ridgeLayer, rollingOutline } from "../art/ridges.ts";
import type { Layer } from "../art/stage.ts";
import { addPine, addRoundTree } from "../art/trees.ts";
import { openSky } from "./open-sky.ts";
import type { SceneBuilder } from "./scene.ts";

const GREENS = ["#7fae7a", "#79b368", "#67a453", "#528f45", "#3d7a3a"] as const;
const FLOWERS = ["#ff6b6b", "#ffd93d", "#ffffff", "#c77dff", "#ff9f45"] as const;

/** Rolling meadows with trees, and flowers in front. */
export const buildHills: SceneBuilder = (stage) => {
	const { height, unit, palette } = stage;
	const horizon = height * 0.56;
	const sky = openSky(stage, horizon);
	const random = stage.random.fork("hills");
	const layers: Layer[] = [...sky.layers, ...cloudLayers(stage, sky.luminary, height * 0.1, height * 0.48, 8)];
	const outlines = GREENS.map((_, index) =>
		rollingOutline(random.fork(`outline ${index}`), {
			y: height * (0.56 + 0.088 * index),
			rise: unit * (7 - 0.6 * index),
			length: unit * (38 + 9 * index),
		}),
	);
	for (const [index, code] of GREENS.entries()) {
		const distance = 0.68 - 0.17 * index;
		const color = palette.lit(rgb(code), Math.max(0, distance));
		const outline = outlines[index] as (x: number) => number;
		const trees = random.fork(`trees ${index}`);
		layers.push(
			ridgeLayer(
				stage,
				{
					heightAt: outline,
					depth: 0.08 + 0.16 * index,
					color: mix(color, palette.light, 0.14 * palette.lightStrength),
					footColor: index < 3 ? mix(color, palette.haze, 0.35) : palette.lit(rgb("#2b5b30")),
					foot: height * (0.7 + 0.1 * index),
				},
				index === 4
					? undefined
					: (path) => {
							alongRidge(stage, trees, unit * (5 + 5 * index), (x) => {
								if (trees.next() < 0.55) return;
								const size = unit * (1.6 + 2 * index) * trees.range(0.75, 1.3);
								const plant = trees.next() < 0.4 ? addPine : addRoundTree;
								plant(path, x, outline(x) + unit * 0.3, size, trees);
							});
						},
			),
		);
	}
	const front = outlines[4] as (x: number) => number;
	const tint = (color: Rgb): Rgb => palette.lit(color);
	layers.push(
		grassLayer(stage, { groundAt: front, depth: 0.74, color: tint(rgb("#4a8a3e")), size: 2.6, count: 240 }, "crest"),
		grassLayer(
			stage,
			{
				groundAt: () => height * 1.01,
				depth: 0.95,
				color: tint(rgb("#28602f")),
				size: 8,
				count: 170,
				flowers: FLOWERS.map((code) => tint(rgb(code))) as [Rgb, ...Rgb[]],
			},
			"front",
		),
	);
	return {
		backdrop: sky.backdrop,
		layers,
		horizon,
		luminary: sky.luminary,
		ground: { y: height * 0.845, depth: 0.6, scale: 1 },
	};
};
