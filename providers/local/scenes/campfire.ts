import { type css, mix, rgb } from "../art/color.ts";
import { flameLayer } from "../art/flames.ts";
import { grassLayer } from "../art/grass.ts";
import { moteLayer } from "../art/motes.ts";
import { alongRidge, ridgeLayer, rollingOutline } from "../art/ridges.ts";
import { glowSprite } from "../art/sky.ts";
import type { Layer } from "../art/stage.ts";
import { addPine } from "../art/trees.ts";
import { openSky } from "./open-sky.ts";
import type { SceneBuilder } from "./scene.ts";

/** A fire in a clearing, its light on the trees around. */
export const buildCampfire: SceneBuilder = (stage) => {
	const { width, height, unit, palette } = stage;
	const horizon = height * 0.7;
	const sky = openSky(stage, horizon);
	const random = stage.random.fork("campfire");
	const fire = { x: width * 0.5, y: height * 0.83, size: unit * 19 };
	const glow = palette.own(rgb("#ff8a30"));
	const layers: Layer[] = [...sky.layers];
	for (let index = 0; index < 3; index += 1) {
		const outline = rollingOutline(random.fork(`outline ${index}`), {
			y: height * (0.67 + 0.035 * index),
			rise: unit * 2.5,
			length: unit * 40,
		});
		const color = palette.lit(rgb(["#2f5663", "#1d3b45", "#12272e"][index] ?? "#12272e"), 0.4 - 0.18 * index);
		const trees = random.fork(`trees ${index}`);
		layers.push(
			ridgeLayer(
				stage,
				{
					heightAt: outline,
					depth: 0.1 + 0.14 * index,
					color: mix(color, glow, 0.04 + 0.05 * index),
					footColor: mix(color, glow, 0.16 + 0.07 * index),
					foot: height * 0.86,
				},
				(path) => {
					alongRidge(stage, trees, unit * (2.6 + 2.8 * index), (x) => {
						// A gap in the middle keeps the view of the sky behind the fire.
						const clearing = Math.min(1, Math.abs(x - fire.x) / (unit * 62)) ** 0.7;
						const size = unit * (11 + 14 * index) * trees.range(0.65, 1.2) * (0.45 + 0.75 * clearing);
						addPine(path, x, outline(x) + unit * 0.5, size, trees);
					});
				},
			),
		);
	}
	const ground = rollingOutline(random.fork("ground"), { y: height * 0.79, rise: unit * 1.4, length: unit * 50 });
	const earth = palette.lit(rgb("#3b3a34"));
	layers.push(
		ridgeLayer(stage, {
			heightAt: ground,
			depth: 0.5,
			color: mix(earth, glow, 0.2),
			footColor: palette.lit(rgb("#16181a")),
			foot: height,
		}),
		lightLayer(glow, fire, unit),
		flameLayer(stage, fire),
		grassLayer(
			stage,
			{ groundAt: () => height * 1.02, depth: 0.92, color: palette.lit(rgb("#10191a")), size: 7, count: 170 },
			"clearing",
		),
		moteLayer(
			stage,
			{
				color: palette.own(rgb("#ffb25a")),
				count: 54,
				depth: 0.62,
				area: { left: fire.x - unit * 9, top: height * 0.02, right: fire.x + unit * 9, bottom: fire.y - unit * 4 },
				size: 0.75,
				rise: 17,
				wander: 5,
				blink: true,
				strength: 1,
			},
			"embers",
		),
	);
	return {
		backdrop: sky.backdrop,
		layers,
		horizon,
		luminary: sky.luminary,
		ground: { y: height * 0.85, depth: 0.58, scale: 1 },
	};
};

/** The flickering light around a fire. */
function lightLayer(
	color: Parameters<typeof css>[0],
	fire: { x: number; y: number; size: number },
	unit: number,
): Layer {
	const sprite = glowSprite(color, 192);
	return {
		depth: 0.55,
		paint: (context, { seconds }) => {
			const flicker =
				0.84 + 0.09 * Math.sin(seconds * 9.1) + 0.03 * Math.sin(seconds * 14.3 + 1) + 0.04 * Math.sin(seconds * 5.3);
			context.globalCompositeOperation = "lighter";
			for (const [reach, flat, alpha] of [
				[92, 0.75, 0.5],
				[44, 0.8, 0.5],
			] as const) {
				const width = unit * reach * (0.92 + 0.08 * flicker);
				context.globalAlpha = alpha * flicker;
				context.drawImage(sprite, fire.x - width, fire.y - fire.size * 0.5 - width * flat, width * 2, width * flat * 2);
			}
			context.globalAlpha = 1;
			context.globalCompositeOperation = "source-over";
		},
	};
}
