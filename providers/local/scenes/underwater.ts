import { paintBackdrop } from "../art/backdrop.ts";
import { beamLayer } from "../art/beams.ts";
import { along, css, mix, rgb, WHITE } from "../art/color.ts";
import { moteLayer } from "../art/motes.ts";
import { coralLayer, shoalLayer, weedLayer } from "../art/reef.ts";
import { ridgeLayer, rollingOutline } from "../art/ridges.ts";
import type { Layer, Stage } from "../art/stage.ts";
import type { SceneBuilder } from "./scene.ts";

/** Below the waves: shafts of light, a reef, weed, shoals and bubbles. */
export const buildUnderwater: SceneBuilder = (stage) => {
	const { width, height, unit, palette } = stage;
	const night = palette.time === "night";
	const random = stage.random.fork("underwater");
	const waters = (
		night ? ["#12507a", "#0c3560", "#071f42", "#041127"] : ["#7fe3e6", "#2aa9c9", "#11689c", "#083a6b"]
	).map((code) => palette.own(rgb(code)));
	const deep = waters[3] ?? WHITE;
	const sun = { x: width * random.range(0.3, 0.7), y: -unit * 60 };
	const backdrop = paintBackdrop(stage, (y) => along(waters, (y / height) * 0.96), [
		{
			x: sun.x,
			y: 0,
			radius: unit * 80,
			stretch: 1.4,
			color: mix(waters[0] ?? WHITE, WHITE, 0.6),
			strength: night ? 0.3 : 0.75,
		},
	]);
	const layers: Layer[] = [
		beamLayer(
			stage,
			{
				...sun,
				color: mix(waters[0] ?? WHITE, WHITE, 0.4),
				strength: night ? 0.3 : 0.5,
				count: 9,
				angle: Math.PI / 2,
				spread: 1.3,
				depth: 0.05,
			},
			"water",
		),
	];
	for (let index = 0; index < 3; index += 1) {
		const outline = rollingOutline(random.fork(`bed ${index}`), {
			y: height * (0.7 + 0.1 * index),
			rise: unit * (6 - index),
			length: unit * (30 + 8 * index),
		});
		const sand = mix(palette.own(rgb(["#3f86a3", "#2f6f8d", "#1c4d6b"][index] ?? "#1c4d6b")), deep, night ? 0.6 : 0.18);
		const depth = 0.2 + 0.28 * index;
		layers.push(
			shoalLayer(stage, random.fork(`shoal ${index}`), depth - 0.04, mix(deep, waters[1] ?? deep, 0.35 - 0.12 * index)),
			ridgeLayer(stage, {
				heightAt: outline,
				depth,
				color: sand,
				footColor: mix(sand, deep, 0.75),
				foot: height * (0.95 + 0.06 * index),
			}),
			weedLayer(stage, outline, index, mix(palette.own(rgb("#1f8a6c")), deep, 0.5 - 0.16 * index), depth + 0.01),
			coralLayer(stage, random.fork(`coral ${index}`), outline, depth + 0.02, index, deep),
		);
	}
	layers.push(
		bubbleLayer(stage),
		moteLayer(
			stage,
			{
				color: mix(waters[0] ?? WHITE, WHITE, 0.5),
				count: 60,
				depth: 0.8,
				area: { left: -width * 0.1, top: -height * 0.05, right: width * 1.1, bottom: height * 1.05 },
				size: 0.5,
				rise: 0.8,
				wander: 4,
				blink: true,
				strength: 0.55,
			},
			"plankton",
		),
	);
	return {
		backdrop,
		layers,
		horizon: height * 0.2,
		luminary: { ...sun, radius: unit * 6, kind: "sun", horizon: height },
		ground: { y: height * 0.86, depth: 0.5, scale: 1 },
		medium: "water",
	};
};

/** Strings of bubbles that rise, wobble and grow. */
function bubbleLayer(stage: Stage): Layer {
	const { width, height, unit } = stage;
	const random = stage.random.fork("bubbles");
	const sources = [random.range(0.1, 0.3), random.range(0.45, 0.6), random.range(0.72, 0.92)];
	const bubbles = Array.from({ length: 42 }, (_, index) => ({
		x: width * (sources[index % 3] ?? 0.5) + unit * random.range(-2, 2),
		offset: random.next(),
		size: unit * random.range(0.25, 0.9),
		speed: random.range(0.1, 0.17),
		phase: random.range(0, Math.PI * 2),
	}));
	return {
		depth: 0.66,
		paint: (context, { seconds }) => {
			context.lineWidth = Math.max(0.7, unit * 0.13);
			for (const bubble of bubbles) {
				const share = (bubble.offset + bubble.speed * seconds) % 1;
				const x = bubble.x + unit * 1.6 * Math.sin(share * 16 + bubble.phase);
				const y = height * (0.92 - share);
				const radius = bubble.size * (0.6 + 0.8 * share);
				context.globalAlpha = Math.min(1, share * 8, (1 - share) * 5) * 0.75;
				context.beginPath();
				context.arc(x, y, radius, 0, Math.PI * 2);
				context.strokeStyle = css(WHITE, 0.75);
				context.fillStyle = css(WHITE, 0.14);
				context.fill();
				context.stroke();
				context.beginPath();
				context.arc(x - radius * 0.35, y - radius * 0.35, radius * 0.22, 0, Math.PI * 2);
				context.fillStyle = css(WHITE, 0.9);
				context.fill();
			}
			context.globalAlpha = 1;
		},
	};
}
