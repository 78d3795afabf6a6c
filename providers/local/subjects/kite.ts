import type { SKRSContext2D } from "@napi-rs/canvas";
import { css, mix, multiply, type Rgb, rgb, WHITE } from "../art/color.ts";
import type { Stage } from "../art/stage.ts";
import type { SubjectBuilder } from "./subject.ts";

interface Pose {
	readonly x: number;
	readonly y: number;
	readonly angle: number;
}

const TAIL_POINTS = 40;
const BOWS = [6, 12, 18, 24, 30, 36];

/** A diamond kite that sways on its line, with a long fluttering tail of bows. */
export const buildKite: SubjectBuilder = (stage, { color, index, scene }) => {
	const { width, height, unit, palette } = stage;
	const random = stage.random.fork(`kite ${index}`);
	const base = palette.own(color ?? rgb("#e23a35"));
	const accent = palette.own(mix(color ?? rgb("#e23a35"), rgb("#ffd166"), 0.82));
	const size = unit * (17 - 3 * index);
	const side = scene.luminary.x < width / 2 ? 1 : -1;
	const center = { x: width * (0.5 + side * (0.14 + 0.08 * index)), y: height * (0.3 + 0.05 * index) };
	const phase = random.range(0, Math.PI * 2);
	const gust = 0.8 + 0.35 * stage.wind;

	function poseAt(seconds: number): Pose {
		const sway = Math.sin(seconds * 0.62 * gust + phase);
		return {
			x: center.x + unit * (7 * sway + 1.6 * Math.sin(seconds * 1.7 + phase * 2)),
			y: center.y + unit * (3.2 * Math.sin(seconds * 0.94 * gust + phase * 1.3) + 0.8 * Math.sin(seconds * 2.3)),
			angle: 0.32 * side + 0.2 * Math.cos(seconds * 0.62 * gust + phase) + 0.05 * Math.sin(seconds * 2.9),
		};
	}

	return [
		{
			depth: 0.5,
			paint: (context, { seconds }) => {
				const pose = poseAt(seconds);
				drawLine(context, stage, pose, size, seconds);
				drawTail(context, stage, pose, size, seconds * gust + phase, [base, accent]);
				drawSail(context, pose, size, base, accent, palette.light);
			},
		},
	];
};

/** The string, hanging in a soft curve out of the bottom of the frame. */
function drawLine(context: SKRSContext2D, stage: Stage, pose: Pose, size: number, seconds: number): void {
	const { width, height, unit, palette } = stage;
	const handX = width * 0.5 - (pose.x - width * 0.5) * 0.9;
	const handY = height * 1.12;
	context.beginPath();
	context.moveTo(pose.x, pose.y + size * 0.05);
	const sag = unit * (9 + Math.sin(seconds * 0.9) * 1.5);
	context.bezierCurveTo(
		pose.x * 0.75 + handX * 0.25,
		pose.y + (handY - pose.y) * 0.42 + sag,
		pose.x * 0.3 + handX * 0.7,
		pose.y + (handY - pose.y) * 0.72 + sag,
		handX,
		handY,
	);
	context.lineWidth = Math.max(0.8, unit * 0.16);
	context.strokeStyle = css(mix(palette.light, WHITE, 0.4), 0.6);
	context.stroke();
}

function drawTail(
	context: SKRSContext2D,
	stage: Stage,
	pose: Pose,
	size: number,
	time: number,
	colors: readonly [Rgb, Rgb],
): void {
	const { unit } = stage;
	const foot = turn(pose, 0, size * 0.98);
	const heading = Math.PI / 2 + pose.angle;
	const points = [foot];
	let x = foot.x;
	let y = foot.y;
	for (let index = 1; index < TAIL_POINTS; index += 1) {
		const share = index / TAIL_POINTS;
		// A wave that runs down the tail and grows towards its loose end.
		const wave = Math.sin(time * 4.4 - index * 0.42) * (0.25 + 0.75 * share);
		const direction = heading + 0.5 * pose.angle * share + wave * 0.75 + share * 0.5 * Math.sin(time * 0.9);
		x += Math.cos(direction) * unit * 1.05;
		y += Math.sin(direction) * unit * 1.05;
		points.push({ x, y });
	}
	context.beginPath();
	for (const [index, point] of points.entries()) {
		if (index === 0) context.moveTo(point.x, point.y);
		else context.lineTo(point.x, point.y);
	}
	context.lineJoin = "round";
	context.lineCap = "round";
	context.lineWidth = unit * 0.42;
	context.strokeStyle = css(mix(colors[0], WHITE, 0.25));
	context.stroke();
	for (const [order, at] of BOWS.entries()) {
		const point = points[at];
		const next = points[at + 1];
		if (point === undefined || next === undefined) continue;
		const across = Math.atan2(next.y - point.y, next.x - point.x) + Math.PI / 2;
		const flutter = 0.8 + 0.2 * Math.sin(time * 7 + order * 1.9);
		drawBow(context, point, across, unit * 2.3 * flutter, colors[order % 2] ?? colors[0]);
	}
}

function drawBow(context: SKRSContext2D, at: { x: number; y: number }, angle: number, reach: number, color: Rgb): void {
	context.save();
	context.translate(at.x, at.y);
	context.rotate(angle);
	for (const side of [-1, 1]) {
		context.fillStyle = css(side < 0 ? color : multiply(color, [0.8, 0.8, 0.84]));
		context.beginPath();
		context.moveTo(0, 0);
		context.quadraticCurveTo(side * reach * 0.6, -reach * 0.75, side * reach, -reach * 0.42);
		context.lineTo(side * reach * 0.92, reach * 0.46);
		context.quadraticCurveTo(side * reach * 0.5, reach * 0.5, 0, 0);
		context.fill();
	}
	context.restore();
}

function drawSail(context: SKRSContext2D, pose: Pose, size: number, base: Rgb, accent: Rgb, light: Rgb): void {
	context.save();
	context.translate(pose.x, pose.y);
	context.rotate(pose.angle);
	const top = -size;
	const foot = size;
	const reach = size * 0.68;
	const spar = -size * 0.24;
	const facets: readonly [readonly (readonly [number, number])[], Rgb][] = [
		[
			[
				[0, top],
				[-reach, spar],
				[0, spar],
			],
			mix(base, light, 0.24),
		],
		[
			[
				[0, top],
				[reach, spar],
				[0, spar],
			],
			base,
		],
		[
			[
				[-reach, spar],
				[0, foot],
				[0, spar],
			],
			multiply(base, [0.9, 0.86, 0.9]),
		],
		[
			[
				[reach, spar],
				[0, foot],
				[0, spar],
			],
			multiply(base, [0.72, 0.66, 0.76]),
		],
	];
	for (const [corners, color] of facets) {
		const sheen = context.createLinearGradient(-reach, top, reach, foot);
		sheen.addColorStop(0, css(mix(color, WHITE, 0.16)));
		sheen.addColorStop(0.5, css(color));
		sheen.addColorStop(1, css(multiply(color, [0.86, 0.84, 0.88])));
		context.fillStyle = sheen;
		context.beginPath();
		for (const [index, [x, y]] of corners.entries()) {
			if (index === 0) context.moveTo(x, y);
			else context.lineTo(x, y);
		}
		context.closePath();
		context.fill();
	}
	drawStripe(context, size, accent);
	context.lineCap = "round";
	context.lineJoin = "round";
	context.strokeStyle = css(multiply(base, [0.42, 0.36, 0.4]), 0.8);
	context.lineWidth = size * 0.026;
	context.beginPath();
	context.moveTo(0, top);
	context.lineTo(0, foot);
	context.moveTo(-reach, spar);
	context.lineTo(reach, spar);
	context.stroke();
	context.strokeStyle = css(mix(accent, WHITE, 0.15));
	context.beginPath();
	context.moveTo(0, top);
	context.lineTo(reach, spar);
	context.lineTo(0, foot);
	context.lineTo(-reach, spar);
	context.closePath();
	context.stroke();
	context.restore();
}

/** A golden band across the lower sail, darker on the shaded side. */
function drawStripe(context: SKRSContext2D, size: number, color: Rgb): void {
	for (const side of [-1, 1]) {
		context.fillStyle = css(side < 0 ? color : multiply(color, [0.8, 0.76, 0.82]));
		context.beginPath();
		context.moveTo(0, size * 0.12);
		context.lineTo(side * size * 0.44, size * 0.2);
		context.lineTo(side * size * 0.37, size * 0.32);
		context.lineTo(0, size * 0.27);
		context.closePath();
		context.fill();
	}
}

function turn(pose: Pose, x: number, y: number): { x: number; y: number } {
	const cos = Math.cos(pose.angle);
	const sin = Math.sin(pose.angle);
	return { x: pose.x + x * cos - y * sin, y: pose.y + x * sin + y * cos };
}
