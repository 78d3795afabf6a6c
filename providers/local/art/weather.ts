import { css, mix, rgb, WHITE } from "./color.ts";
import { glowSprite } from "./sky.ts";
import type { Layer, Stage } from "./stage.ts";

/** What falls, hangs or flashes in front of the scene. */
export function weatherLayers(stage: Stage, scene: { readonly horizon: number; readonly medium?: string }): Layer[] {
	if (scene.medium !== undefined) return [];
	switch (stage.weather) {
		case "clear":
			return [];
		case "rain":
			return [mistLayer(stage, scene.horizon, 0.3), rainLayer(stage, 0.5, 260), rainLayer(stage, 0.95, 110)];
		case "storm":
			return [
				mistLayer(stage, scene.horizon, 0.3),
				lightningLayer(stage, scene.horizon),
				rainLayer(stage, 0.5, 320),
				rainLayer(stage, 0.95, 150),
			];
		case "snow":
			return [snowLayer(stage, 0.35, 170), snowLayer(stage, 0.6, 110), snowLayer(stage, 0.95, 46)];
		case "fog":
			return [
				veilLayer(stage, 0.17, 0.4),
				veilLayer(stage, 0.45, 0.26),
				mistLayer(stage, scene.horizon, 0.75),
				mistLayer(stage, scene.horizon * 0.7 + stage.height * 0.3, 0.55),
				mistLayer(stage, stage.height * 0.92, 0.4),
			];
	}
}

/** Streaks of rain, all in one stroke. */
function rainLayer(stage: Stage, depth: number, count: number): Layer {
	const { width, height, unit, palette, wind } = stage;
	const random = stage.random.fork(`rain ${depth}`);
	const slant = 0.1 + 0.16 * wind;
	const drops = Array.from({ length: count }, () => ({
		x: random.range(-0.3 * width, 1.3 * width + height * slant),
		y: random.next() * 1.3,
		speed: random.range(0.85, 1.15),
	}));
	const length = unit * (3 + 6 * depth);
	const fall = unit * (95 + 120 * depth);
	const color = css(mix(palette.haze, WHITE, 0.65), 0.16 + 0.2 * depth);
	const span = height * 1.3;
	return {
		depth,
		paint: (context, { seconds }) => {
			context.beginPath();
			for (const drop of drops) {
				const y = ((drop.y * span + fall * drop.speed * seconds) % span) - height * 0.15;
				const x = drop.x - y * slant;
				context.moveTo(x, y);
				context.lineTo(x - length * slant, y + length);
			}
			context.lineCap = "round";
			context.lineWidth = Math.max(0.7, unit * (0.1 + 0.16 * depth));
			context.strokeStyle = color;
			context.stroke();
		},
	};
}

/** Flakes that sway as they fall; near ones are large and soft. */
export function snowLayer(stage: Stage, depth: number, count: number): Layer {
	const { width, height, unit, wind } = stage;
	const random = stage.random.fork(`snow ${depth}`);
	const sprite = glowSprite(stage.palette.own(mix(stage.palette.lit(WHITE), WHITE, 0.6)), 48);
	const flakes = Array.from({ length: count }, () => ({
		x: random.next(),
		y: random.next(),
		size: unit * (0.5 + 1.9 * depth * depth) * random.range(0.6, 1.25),
		fall: unit * (5 + 13 * depth) * random.range(0.75, 1.25),
		sway: unit * random.range(0.8, 2.4) * (0.4 + depth),
		pace: random.range(0.5, 1.3),
		phase: random.range(0, Math.PI * 2),
	}));
	const spanX = width * 1.5;
	const spanY = height * 1.3;
	const blow = unit * 7 * wind * (0.5 + depth);
	return {
		depth,
		paint: (context, { seconds }) => {
			context.globalAlpha = 0.92 - 0.3 * depth;
			for (const flake of flakes) {
				const y = ((flake.y * spanY + flake.fall * seconds) % spanY) - height * 0.15;
				const drift = flake.x * spanX + blow * seconds + flake.sway * Math.sin(seconds * flake.pace + flake.phase);
				const x = (((drift % spanX) + spanX) % spanX) - width * 0.25;
				context.drawImage(sprite, x, y, flake.size * 2, flake.size * 2);
			}
			context.globalAlpha = 1;
		},
	};
}

/** A bank of mist around a height, slowly drifting. */
export function mistLayer(stage: Stage, y: number, strength: number): Layer {
	const { width, height, unit, palette, wind } = stage;
	const random = stage.random.fork(`mist ${Math.round(y)}`);
	const sprite = glowSprite(mix(palette.haze, WHITE, 0.12), 96);
	const banks = Array.from({ length: 4 }, () => ({
		x: random.next(),
		y: y + random.range(-5, 5) * unit,
		width: width * random.range(0.6, 1.1),
		height: unit * random.range(8, 14),
		speed: unit * random.range(0.8, 2.2) * (0.4 + wind),
	}));
	const span = width * 2.6;
	return {
		depth: Math.min(0.8, 0.1 + Math.max(0, (y / height - 0.5) * 1.4)),
		paint: (context, { seconds }) => {
			context.globalAlpha = strength * 0.75;
			for (const bank of banks) {
				const x = ((bank.x * span + bank.speed * seconds) % span) - width * 0.8;
				context.drawImage(sprite, x - bank.width / 2, bank.y - bank.height, bank.width, bank.height * 2);
			}
			context.globalAlpha = 1;
		},
	};
}

/** Thin fog over everything that is further away than a depth. */
function veilLayer(stage: Stage, depth: number, strength: number): Layer {
	const { width, height, palette } = stage;
	return {
		depth,
		paint: (context) => {
			context.fillStyle = css(mix(palette.haze, WHITE, 0.1), strength);
			context.fillRect(-width, -height, width * 3, height * 3);
		},
	};
}

/** Now and then a flash, with a bolt of light. */
function lightningLayer(stage: Stage, horizon: number): Layer {
	const { width, height, unit, seconds: length } = stage;
	const random = stage.random.fork("lightning");
	const strikes = Array.from({ length: Math.max(1, Math.round(length / 2.6)) }, (_, index) => {
		const bolt: { x: number; y: number }[] = [];
		let x = random.range(0.2, 0.8) * width;
		for (let y = height * 0.02; y < horizon; y += unit * random.range(3, 6)) {
			bolt.push({ x, y });
			x += unit * random.range(-4, 4);
		}
		return { at: (index + random.range(0.25, 0.7)) * 2.6, bolt };
	});
	return {
		depth: 0.05,
		paint: (context, { seconds }) => {
			for (const strike of strikes) {
				const since = seconds - strike.at;
				if (since < 0 || since > 0.55) continue;
				const flash = (1 - since / 0.55) ** 2 * (0.7 + 0.3 * Math.cos(since * 45));
				context.fillStyle = css(rgb("#dfe6ff"), 0.34 * flash);
				context.fillRect(-width, -height, width * 3, height + horizon);
				context.beginPath();
				for (const point of strike.bolt) context.lineTo(point.x, point.y);
				context.lineJoin = "round";
				for (const [size, alpha] of [
					[1.6, 0.25],
					[0.45, 1],
				] as const) {
					context.lineWidth = unit * size;
					context.strokeStyle = css(rgb("#f4f2ff"), alpha * flash);
					context.stroke();
				}
			}
		},
	};
}
