import { Path2D } from "@napi-rs/canvas";
import { beamLayer } from "../art/beams.ts";
import { css, mix, rgb, WHITE } from "../art/color.ts";
import { grassLayer } from "../art/grass.ts";
import { moteLayer } from "../art/motes.ts";
import { skyAt } from "../art/palette.ts";
import type { Random } from "../art/random.ts";
import { alongRidge, ridgeLayer, rollingOutline } from "../art/ridges.ts";
import type { Layer, Stage } from "../art/stage.ts";
import { addPine } from "../art/trees.ts";
import { mistLayer } from "../art/weather.ts";
import { openSky } from "./open-sky.ts";
import type { SceneBuilder } from "./scene.ts";

/** Conifers fading into the mist, trunks close by, light falling through. */
export const buildForest: SceneBuilder = (stage) => {
	const { width, height, unit, palette } = stage;
	const night = palette.time === "night";
	const horizon = height * 0.66;
	const sky = openSky(stage, horizon * 1.15, { rowColor: () => skyAt(palette, 1) });
	const random = stage.random.fork("forest");
	const layers: Layer[] = [...sky.layers];
	for (let index = 0; index < 4; index += 1) {
		const outline = rollingOutline(random.fork(`outline ${index}`), {
			y: height * (0.6 + 0.08 * index),
			rise: unit * 4,
			length: unit * 44,
		});
		const color = palette.lit(
			rgb(["#6f9a86", "#457a66", "#2a5a4a", "#173b34"][index] ?? "#173b34"),
			0.66 - 0.2 * index,
		);
		const trees = random.fork(`trees ${index}`);
		layers.push(
			ridgeLayer(
				stage,
				{
					heightAt: outline,
					depth: 0.08 + 0.16 * index,
					color,
					footColor: mix(color, palette.haze, [0.4, 0.3, 0.08, 0.12][index] ?? 0),
					foot: height * (0.74 + 0.08 * index),
				},
				(path) => {
					alongRidge(stage, trees, unit * (2.4 + 1.9 * index), (x) => {
						addPine(path, x, outline(x) + unit * 0.4, unit * (15 + 7 * index) * trees.range(0.6, 1.2), trees);
					});
				},
			),
			...(index < 3 && stage.weather !== "fog"
				? [mistLayer(stage, height * (0.66 + 0.06 * index), 0.3 - 0.09 * index)]
				: []),
		);
	}
	const light = palette.lightStrength;
	layers.push(
		beamLayer(
			stage,
			{
				x: sky.luminary.x,
				y: -unit * 75,
				color: palette.light,
				strength: (night ? 0.35 : 0.75) * light,
				count: 8,
				angle: Math.PI / 2 + (sky.luminary.x > width / 2 ? 0.35 : -0.35),
				spread: 0.95,
				depth: 0.5,
			},
			"forest",
		),
		grassLayer(
			stage,
			{
				groundAt: (x) => height * 0.88 + unit * 2 * Math.sin(x / (unit * 21)),
				depth: 0.66,
				color: palette.lit(rgb("#1f4a38"), 0.06),
				size: 5,
				count: 220,
			},
			"undergrowth",
		),
		trunkLayer(stage, random.fork("trunks")),
		grassLayer(
			stage,
			{ groundAt: () => height * 1.02, depth: 0.92, color: palette.lit(rgb("#0f2b22")), size: 9, count: 190 },
			"ferns",
		),
		moteLayer(
			stage,
			{
				color: palette.own(night ? rgb("#eaff8a") : mix(palette.light, WHITE, 0.3)),
				count: night ? 46 : 38,
				depth: 0.75,
				area: { left: -width * 0.1, top: height * 0.38, right: width * 1.1, bottom: height * 0.98 },
				size: night ? 1.5 : 0.7,
				rise: 0.7,
				wander: 5,
				blink: true,
				strength: night ? 1 : 0.6,
			},
			"forest",
		),
	);
	return {
		backdrop: sky.backdrop,
		layers,
		horizon,
		luminary: sky.luminary,
		ground: { y: height * 0.9, depth: 0.68, scale: 1 },
	};
};

/** Dark trunks that frame the view on both sides. */
function trunkLayer(stage: Stage, random: Random): Layer {
	const { width, height, unit, palette } = stage;
	const path = new Path2D();
	for (const side of [-1, 1]) {
		for (let index = 0; index < 2; index += 1) {
			const x = width * (0.5 + side * (0.43 + 0.11 * index + random.range(-0.02, 0.02)));
			const half = unit * (2.1 + 1.5 * index) * random.range(0.85, 1.2);
			const lean = unit * random.range(-2, 2);
			path.moveTo(x - half * 1.7, height * 1.25);
			path.quadraticCurveTo(x - half, height * 0.86, x - half * 0.75 + lean, -height * 0.25);
			path.lineTo(x + half * 0.75 + lean, -height * 0.25);
			path.quadraticCurveTo(x + half, height * 0.86, x + half * 1.7, height * 1.25);
			path.closePath();
			for (let branch = 0; branch < 6; branch += 1) {
				const y = height * random.range(-0.06, 0.4);
				const reach = unit * random.range(9, 20) * (random.next() < 0.5 ? -1 : 1);
				addBough(path, x + lean * 0.6, y, reach, unit, random);
			}
		}
	}
	const color = css(palette.lit(rgb("#0d211d")));
	return {
		depth: 0.86,
		paint: (context, { seconds }) => {
			context.translate(Math.sin(seconds * 0.5) * unit * 0.12, 0);
			context.fillStyle = color;
			context.fill(path);
		},
	};
}

/** A drooping branch with needles hanging from it. */
function addBough(path: Path2D, x: number, y: number, reach: number, unit: number, random: Random): void {
	const needles = 9;
	for (let index = 0; index < needles; index += 1) {
		const share = index / needles;
		const fromX = x + reach * share;
		const fromY = y + Math.abs(reach) * 0.32 * share * share;
		const length = unit * (3.6 - 2.2 * share) * random.range(0.7, 1.2);
		path.moveTo(fromX - unit * 0.4, fromY - unit * 0.5);
		path.lineTo(fromX + (reach / needles) * 1.6, fromY - unit * 0.1 + Math.abs(reach) * 0.05);
		path.lineTo(fromX + (reach / needles) * 0.9, fromY + length);
		path.closePath();
	}
}
