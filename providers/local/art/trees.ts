import { type Canvas, createCanvas, type Path2D, type SKRSContext2D } from "@napi-rs/canvas";
import { css, mix, multiply, type Rgb } from "./color.ts";
import type { Random } from "./random.ts";

/** Adds the silhouette of a conifer that stands at (x, ground); `size` is its height in pixels. */
export function addPine(path: Path2D, x: number, ground: number, size: number, random: Random): void {
	const y = ground + size * 0.09;
	const tiers = 5;
	const lean = size * random.range(-0.02, 0.02);
	path.moveTo(x + lean, y - size);
	const edge: [number, number][] = [];
	for (let tier = 1; tier <= tiers; tier += 1) {
		const share = tier / tiers;
		const reach = size * (0.06 + 0.17 * share) * random.range(0.88, 1.12);
		const low = y - size * (1 - share * 0.95);
		edge.push([reach, low], [reach * 0.45, low - size * 0.03]);
	}
	for (const [reach, low] of edge) path.lineTo(x + reach, low);
	path.lineTo(x + size * 0.022, y - size * 0.04);
	path.lineTo(x + size * 0.022, y + size * 0.05);
	path.lineTo(x - size * 0.022, y + size * 0.05);
	path.lineTo(x - size * 0.022, y - size * 0.09);
	for (const [reach, low] of edge.reverse()) path.lineTo(x - reach * random.range(0.9, 1.08), low);
	path.closePath();
}

/** Adds the silhouette of a broad-leaved tree. */
export function addRoundTree(path: Path2D, x: number, y: number, size: number, random: Random): void {
	path.rect(x - size * 0.03, y - size * 0.45, size * 0.06, size * 0.5);
	for (let puff = 0; puff < 6; puff += 1) {
		const angle = (puff / 6) * Math.PI * 2;
		const radius = size * random.range(0.17, 0.23);
		const centerX = x + Math.cos(angle) * size * 0.17;
		const centerY = y - size * 0.66 + Math.sin(angle) * size * 0.14;
		path.moveTo(centerX + radius, centerY);
		path.arc(centerX, centerY, radius, 0, Math.PI * 2);
	}
}

/** A leafy tree with light on one side, to be drawn with its foot at the middle of the lower edge. */
export function paintLeafyTree(
	random: Random,
	size: number,
	colors: { readonly leaf: Rgb; readonly light: Rgb; readonly trunk: Rgb },
	towards: number,
): Canvas {
	const width = Math.ceil(size * 0.95);
	const height = Math.ceil(size);
	const canvas = createCanvas(width, height);
	const context = canvas.getContext("2d");
	drawTrunk(context, width / 2, height, size, colors.trunk);
	const puffs = Array.from({ length: 64 }, () => {
		const angle = random.range(0, Math.PI * 2);
		const distance = Math.sqrt(random.next());
		return {
			x: width / 2 + Math.cos(angle) * distance * size * 0.33,
			y: size * 0.36 + Math.sin(angle) * distance * size * 0.24,
			radius: size * random.range(0.06, 0.125),
		};
	}).sort((first, second) => second.y - first.y);
	for (const puff of puffs) {
		const sideways = ((puff.x - width / 2) / (size * 0.33)) * towards;
		const upward = (size * 0.36 - puff.y) / (size * 0.24);
		const lit = Math.min(1, Math.max(0, 0.42 + 0.3 * sideways + 0.34 * upward + random.range(-0.12, 0.12)));
		context.fillStyle = css(mix(multiply(colors.leaf, [0.62, 0.62, 0.72]), colors.light, lit));
		context.beginPath();
		context.arc(puff.x, puff.y, puff.radius, 0, Math.PI * 2);
		context.fill();
	}
	return canvas;
}

function drawTrunk(context: SKRSContext2D, x: number, y: number, size: number, color: Rgb): void {
	context.fillStyle = css(color);
	context.beginPath();
	context.moveTo(x - size * 0.07, y);
	context.quadraticCurveTo(x - size * 0.03, y - size * 0.2, x - size * 0.03, y - size * 0.5);
	context.lineTo(x + size * 0.03, y - size * 0.5);
	context.quadraticCurveTo(x + size * 0.03, y - size * 0.2, x + size * 0.07, y);
	context.closePath();
	context.fill();
	context.lineWidth = size * 0.022;
	context.strokeStyle = css(color);
	context.lineCap = "round";
	for (const side of [-1, 1]) {
		context.beginPath();
		context.moveTo(x, y - size * 0.34);
		context.quadraticCurveTo(x + side * size * 0.06, y - size * 0.44, x + side * size * 0.17, y - size * 0.52);
		context.stroke();
	}
}
