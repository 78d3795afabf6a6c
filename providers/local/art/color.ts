/** Red, green and blue, 0 to 255 each, fractions allowed. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The colour of a hexadecimal code such as `"#ffb997"`. */
export function rgb(code: string): Rgb {
	const value = Number.parseInt(code.slice(1), 16);
	return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** The colour as CSS; `alpha` from 0 (invisible) to 1. */
export function css(color: Rgb, alpha = 1): string {
	const [red, green, blue] = color.map((channel) => Math.round(Math.min(255, Math.max(0, channel))));
	return `rgba(${red},${green},${blue},${alpha.toFixed(4)})`;
}

/** `from` at 0, `to` at 1. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
	return [
		from[0] + (to[0] - from[0]) * share,
		from[1] + (to[1] - from[1]) * share,
		from[2] + (to[2] - from[2]) * share,
	];
}

/** The colour under a light: each channel times the light's, where 1 leaves it as it is. */
export function multiply(color: Rgb, light: Rgb): Rgb {
	return [color[0] * light[0], color[1] * light[1], color[2] * light[2]];
}

/** How bright the eye finds a colour, 0 to 255. */
function luminance(color: Rgb): number {
	return 0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2];
}

/** More (`amount` above 1) or less (below 1) colourful at the same brightness. */
export function saturate(color: Rgb, amount: number): Rgb {
	const grey = luminance(color);
	return mix([grey, grey, grey], color, amount);
}

/** The colour moved towards the hue of `tint` at nearly the same brightness. */
export function tintTowards(color: Rgb, tint: Rgb, share: number): Rgb {
	const scale = (luminance(color) + 8) / (luminance(tint) + 8);
	const sameBrightness: Rgb = [
		Math.min(255, tint[0] * scale),
		Math.min(255, tint[1] * scale),
		Math.min(255, tint[2] * scale),
	];
	return mix(color, sameBrightness, share);
}

/** A colour along a list of evenly spaced stops, at 0 to 1. */
export function along(stops: readonly Rgb[], position: number): Rgb {
	const last = stops.length - 1;
	const scaled = Math.min(1, Math.max(0, position)) * last;
	const index = Math.min(last - 1, Math.floor(scaled));
	const from = stops[Math.max(0, index)] ?? BLACK;
	return mix(from, stops[index + 1] ?? from, scaled - index);
}

const BLACK: Rgb = [0, 0, 0];
export const WHITE: Rgb = [255, 255, 255];
