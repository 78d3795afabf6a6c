import { css, mix, multiply, rgb, WHITE } from "../art/color.ts";
import { footing, type SubjectBuilder } from "./subject.ts";

/** Somebody who stands with their back to us and looks out, a scarf in the wind. */
export const buildPerson: SubjectBuilder = (stage, { scene, color, index }) => {
	const { width, unit, palette, wind } = stage;
	const inSpace = scene.medium === "space";
	const place = footing(stage, scene);
	const size = unit * 24 * place.scale;
	const side = scene.luminary.x > width / 2 ? -1 : 1;
	const lit = inSpace ? palette.own : palette.lit;
	const coat = lit(color ?? rgb(inSpace ? "#e9ecf2" : "#33415c"));
	const scarf = lit(color === undefined ? rgb("#e2483d") : mix(color, WHITE, 0.5));
	const skin = lit(rgb("#d9a27c"));
	const hair = lit(rgb(inSpace ? "#d4d9e4" : "#3a2a22"));
	const rim = mix(coat, palette.light, 0.5 * Math.max(palette.lightStrength, 0.3));
	return [
		{
			depth: Math.max(place.depth, 0.7),
			paint: (context, { seconds }) => {
				context.translate(width * (0.5 + side * (0.16 - 0.36 * index)), place.y + (inSpace ? -size * 0.2 : unit * 4));
				if (inSpace) {
					context.translate(0, unit * 2 * Math.sin(seconds * 0.5));
					context.rotate(0.18 * side + 0.06 * Math.sin(seconds * 0.4));
				}
				const breath = size * 0.006 * Math.sin(seconds * 1.6);
				context.fillStyle = css(multiply(coat, [0.5, 0.5, 0.56]));
				context.beginPath();
				context.roundRect(-size * 0.1, -size * 0.36, size * 0.085, size * 0.37, size * 0.03);
				context.roundRect(size * 0.015, -size * 0.36, size * 0.085, size * 0.37, size * 0.03);
				context.fill();
				const cloth = context.createLinearGradient(-size * 0.18, 0, size * 0.18, 0);
				cloth.addColorStop(side > 0 ? 0 : 1, css(rim));
				cloth.addColorStop(side > 0 ? 0.3 : 0.7, css(coat));
				cloth.addColorStop(side > 0 ? 1 : 0, css(multiply(coat, [0.66, 0.66, 0.74])));
				context.fillStyle = cloth;
				context.beginPath();
				context.moveTo(-size * 0.1, -size * 0.77 - breath);
				context.quadraticCurveTo(0, -size * 0.83 - breath, size * 0.1, -size * 0.77 - breath);
				context.quadraticCurveTo(size * 0.17, -size * 0.5, size * 0.18, -size * 0.27);
				context.quadraticCurveTo(0, -size * 0.22, -size * 0.18, -size * 0.27);
				context.quadraticCurveTo(-size * 0.17, -size * 0.5, -size * 0.1, -size * 0.77 - breath);
				context.fill();
				context.fillStyle = css(skin);
				context.fillRect(-size * 0.035, -size * 0.84, size * 0.07, size * 0.07);
				context.fillStyle = css(hair);
				context.beginPath();
				context.ellipse(0, -size * 0.895 - breath, size * 0.08, size * 0.092, 0, 0, Math.PI * 2);
				context.fill();
				if (!inSpace) {
					context.strokeStyle = css(scarf);
					context.lineCap = "round";
					context.lineWidth = size * 0.05;
					context.beginPath();
					context.moveTo(-size * 0.06, -size * 0.79 - breath);
					context.lineTo(size * 0.06, -size * 0.79 - breath);
					context.stroke();
					context.lineWidth = size * 0.038;
					context.beginPath();
					context.moveTo(size * 0.06, -size * 0.78 - breath);
					const blow = 0.5 + 0.5 * wind;
					for (let step = 1; step <= 8; step += 1) {
						const share = step / 8;
						context.lineTo(
							size * (0.06 + 0.3 * share * Math.min(1, blow)),
							-size * (0.78 - 0.12 * share * (1.4 - Math.min(1, blow))) +
								size * 0.035 * share * Math.sin(seconds * 4 * blow - share * 5),
						);
					}
					context.stroke();
				}
			},
		},
	];
};
