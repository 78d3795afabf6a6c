import { type Canvas, createCanvas } from "@napi-rs/canvas";
import { mix, WHITE } from "./color.ts";
import { createCloudNoise } from "./random.ts";
import type { Stage } from "./stage.ts";

/** High thin cloud is soft: a quarter of the resolution is enough. */
const COARSENESS = 4;

/** Brushes high, thin cloud over the sky of a backdrop, down to `horizon` pixels. */
export function paintCirrus(backdrop: Canvas, stage: Stage, horizon: number): void {
	const { width, height, palette, weather } = stage;
	const columns = Math.max(2, Math.ceil(width / COARSENESS));
	const rows = Math.max(2, Math.ceil(Math.min(horizon, height) / COARSENESS));
	const sheet = createCanvas(columns, rows);
	const context = sheet.getContext("2d");
	const image = context.createImageData(columns, rows);
	const noise = createCloudNoise(stage.random.fork("cirrus"), 4);
	const overcast = weather === "rain" || weather === "storm" || weather === "snow";
	const cover = overcast ? 0.3 : 0.5;
	const strength = overcast ? 0.5 : palette.time === "night" ? 0.12 : palette.time === "day" ? 0.5 : 0.42;
	const scale = 5 / rows;
	for (let row = 0; row < rows; row += 1) {
		const low = row / rows;
		const color = mix(palette.lit(overcast ? [150, 158, 172] : WHITE), palette.light, overcast ? 0 : 0.25 + 0.35 * low);
		// Seen at a slant: the lower, the flatter.
		const y = row * scale * (1.2 + 1.6 * low);
		for (let column = 0; column < columns; column += 1) {
			const x = column * scale * 0.42;
			const warp = noise(x * 0.5 + 20, y * 0.5);
			const density = Math.max(0, noise(x + warp * 1.8, y + warp * 0.8) - cover) / (1 - cover);
			const index = (row * columns + column) * 4;
			image.data.set(color, index);
			image.data[index + 3] = 255 * strength * Math.min(1, density * 2.4) * (1 - low ** 5);
		}
	}
	context.putImageData(image, 0, 0);
	const target = backdrop.getContext("2d");
	target.imageSmoothingQuality = "high";
	target.drawImage(sheet, 0, 0, width, Math.min(horizon, height));
}
