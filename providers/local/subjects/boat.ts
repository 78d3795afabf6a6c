import type { SKRSContext2D } from "@napi-rs/canvas";
import { css, mix, multiply, type Rgb, rgb, WHITE } from "../art/color.ts";
import type { SubjectBuilder } from "./subject.ts";

/** A small sailing boat that rocks on the swell, with its image in the water. */
export const buildBoat: SubjectBuilder = (stage, { scene, color, index }) => {
	const { width, height, unit, palette, wind } = stage;
	const place = scene.water ?? { y: height * 0.82, depth: 0.5, scale: 1 };
	const random = stage.random.fork(`boat ${index}`);
	const size = unit * 17 * place.scale;
	const side = scene.luminary.x > width / 2 ? -1 : 1;
	const start = width * (0.5 + side * (0.12 + 0.14 * index));
	const direction = random.next() < 0.5 ? -1 : 1;
	const sail = mix(palette.lit(color ?? rgb("#fbf4e6")), palette.light, 0.3 * palette.lightStrength);
	const hull = palette.lit(color === undefined ? rgb("#a63d2f") : rgb("#5b3a2b"));
	const phase = random.range(0, Math.PI * 2);
	return [
		{
			depth: place.depth,
			paint: (context, { seconds }) => {
				const x = start + direction * unit * 1.5 * (0.4 + 0.5 * wind) * seconds;
				const y = place.y + unit * 0.7 * Math.sin(seconds * 1.1 + phase);
				const roll = 0.055 * (0.5 + 0.5 * wind) * Math.sin(seconds * 0.9 + phase) + 0.04 * direction;
				context.save();
				context.translate(x, y + size * 0.06);
				context.scale(direction, -0.75);
				context.rotate(roll);
				context.globalAlpha = 0.22;
				drawBoat(context, size, sail, hull, seconds);
				context.restore();
				context.translate(x, y);
				context.scale(direction, 1);
				context.rotate(roll);
				drawBoat(context, size, sail, hull, seconds);
				context.beginPath();
				context.ellipse(0, size * 0.1, size * 0.42, size * 0.018, 0, 0, Math.PI * 2);
				context.fillStyle = css(mix(palette.haze, WHITE, 0.5), 0.35);
				context.fill();
			},
		},
	];
};

function drawBoat(context: SKRSContext2D, size: number, sail: Rgb, hull: Rgb, seconds: number): void {
	const belly = size * (0.08 + 0.015 * Math.sin(seconds * 1.3));
	context.fillStyle = css(multiply(hull, [0.5, 0.46, 0.46]));
	context.fillRect(-size * 0.012, -size * 0.98, size * 0.024, size);
	const cloth = context.createLinearGradient(-size * 0.1, 0, size * 0.46, 0);
	cloth.addColorStop(0, css(mix(sail, WHITE, 0.2)));
	cloth.addColorStop(1, css(multiply(sail, [0.82, 0.8, 0.84])));
	context.fillStyle = cloth;
	context.beginPath();
	context.moveTo(size * 0.03, -size * 0.96);
	context.quadraticCurveTo(size * 0.3 + belly, -size * 0.46, size * 0.42, -size * 0.09);
	context.quadraticCurveTo(size * 0.2, -size * 0.05, size * 0.03, -size * 0.08);
	context.closePath();
	context.fill();
	context.fillStyle = css(multiply(sail, [0.9, 0.88, 0.92]));
	context.beginPath();
	context.moveTo(-size * 0.03, -size * 0.88);
	context.quadraticCurveTo(-size * 0.15 - belly * 0.4, -size * 0.4, -size * 0.34, -size * 0.08);
	context.lineTo(-size * 0.03, -size * 0.08);
	context.closePath();
	context.fill();
	const wood = context.createLinearGradient(0, -size * 0.04, 0, size * 0.12);
	wood.addColorStop(0, css(mix(hull, WHITE, 0.18)));
	wood.addColorStop(1, css(multiply(hull, [0.6, 0.56, 0.6])));
	context.fillStyle = wood;
	context.beginPath();
	context.moveTo(-size * 0.42, -size * 0.05);
	context.quadraticCurveTo(0, size * 0.01, size * 0.5, -size * 0.08);
	context.quadraticCurveTo(size * 0.42, size * 0.1, size * 0.26, size * 0.11);
	context.lineTo(-size * 0.28, size * 0.11);
	context.quadraticCurveTo(-size * 0.4, size * 0.08, -size * 0.42, -size * 0.05);
	context.fill();
	context.strokeStyle = css(mix(sail, WHITE, 0.3), 0.8);
	context.lineWidth = size * 0.014;
	context.beginPath();
	context.moveTo(-size * 0.4, -size * 0.015);
	context.quadraticCurveTo(0, size * 0.045, size * 0.48, -size * 0.045);
	context.stroke();
}
