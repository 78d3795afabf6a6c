import { type Canvas, createCanvas } from "@napi-rs/canvas";
import type { Stage } from "./stage.ts";

/** A film-like darkening towards the corners, to be laid over every frame. */
export function paintVignette(stage: Pick<Stage, "width" | "height" | "random">, strength = 0.34): Canvas {
	const { width, height } = stage;
	const canvas = createCanvas(width, height);
	const context = canvas.getContext("2d");
	const image = context.createImageData(width, height);
	const random = stage.random.fork("vignette");
	const noise = Float32Array.from({ length: 4096 }, () => random.next());
	for (let y = 0; y < height; y += 1) {
		const vertical = ((y / height) * 2 - 1) ** 2;
		for (let x = 0; x < width; x += 1) {
			const distance = (vertical + ((x / width) * 2 - 1) ** 2) / 2;
			const alpha = Math.max(0, distance - 0.22) * strength * 255;
			// Rounded up or down by chance, which hides the rings that rounding alone would draw.
			image.data[(y * width + x) * 4 + 3] = alpha + (noise[((y & 63) << 6) | (x & 63)] ?? 0);
		}
	}
	context.putImageData(image, 0, 0);
	return canvas;
}
