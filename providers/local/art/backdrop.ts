import { type Canvas, createCanvas } from "@napi-rs/canvas";
import type { Rgb } from "./color.ts";
import type { Stage } from "./stage.ts";

/** A soft light in the backdrop; it adds to what is there. */
export interface Glow {
	/** Pixels. */
	readonly x: number;
	readonly y: number;
	/** Pixels at which it has nearly gone. */
	readonly radius: number;
	readonly color: Rgb;
	/** 0 to 1. */
	readonly strength: number;
	/** How much wider than high it is. */
	readonly stretch?: number;
}

/**
 * The part of a picture that stands still: a colour for each row, with glows. Drawn once and dithered,
 * because eight bits a channel show bands in a slow gradient.
 */
export function paintBackdrop(stage: Stage, rowColor: (y: number) => Rgb, glows: readonly Glow[] = []): Canvas {
	const { width, height } = stage;
	const canvas = createCanvas(width, height);
	const context = canvas.getContext("2d");
	const image = context.createImageData(width, height);
	const { data } = image;
	const dither = ditherPattern(stage);
	const line = new Float32Array(width * 3);
	for (let y = 0; y < height; y += 1) {
		const color = rowColor(y);
		for (let index = 0; index < line.length; index += 3) line.set(color, index);
		for (const glow of glows) addGlow(line, glow, y);
		const start = y * width * 4;
		for (let x = 0; x < width; x += 1) {
			const noise = dither[((y & 63) << 6) | (x & 63)] ?? 0;
			data[start + x * 4] = (line[x * 3] ?? 0) + noise;
			data[start + x * 4 + 1] = (line[x * 3 + 1] ?? 0) + noise;
			data[start + x * 4 + 2] = (line[x * 3 + 2] ?? 0) + noise;
			data[start + x * 4 + 3] = 255;
		}
	}
	context.putImageData(image, 0, 0);
	return canvas;
}

function addGlow(line: Float32Array, glow: Glow, y: number): void {
	const { color, radius, strength } = glow;
	const stretch = glow.stretch ?? 1;
	const vertical = ((y - glow.y) / radius) ** 2;
	if (vertical > 1) return;
	const first = Math.max(0, Math.floor(glow.x - radius * stretch));
	const last = Math.min(line.length / 3 - 1, Math.ceil(glow.x + radius * stretch));
	for (let x = first; x <= last; x += 1) {
		const distance = vertical + ((x - glow.x) / (radius * stretch)) ** 2;
		if (distance >= 1) continue;
		const fade = (1 - distance) ** 2;
		const share = strength * fade * fade;
		for (let channel = 0; channel < 3; channel += 1) {
			const index = x * 3 + channel;
			const value = line[index] ?? 0;
			line[index] = value + ((color[channel] ?? 0) - value) * share;
		}
	}
}

/** 64×64 offsets of about one level, in a triangular distribution. */
function ditherPattern(stage: Stage): Float32Array {
	const random = stage.random.fork("dither");
	return Float32Array.from({ length: 64 * 64 }, () => (random.next() + random.next() - 1) * 1.1);
}
