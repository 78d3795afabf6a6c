import { along, mix, multiply, type Rgb, rgb, saturate, tintTowards, WHITE } from "./color.ts";
import type { Random } from "./random.ts";

/** The light that a scene stands in. */
export type TimeOfDay = "dawn" | "day" | "dusk" | "night";

/** What falls from the sky, or hangs in it. */
export type Weather = "clear" | "rain" | "snow" | "fog" | "storm";

/** A mood that the prompt's colour words give the whole picture. */
export type Mood = { readonly kind: "tint"; readonly color: Rgb } | { readonly kind: "pastel" | "neon" | "monochrome" };

/** The colours of one picture. */
export interface Palette {
	readonly time: TimeOfDay;
	/** From the zenith to the horizon. */
	readonly sky: readonly Rgb[];
	/** What everything fades to with distance. */
	readonly haze: Rgb;
	/** The sun or the moon, and what it touches. */
	readonly light: Rgb;
	/** How strong the light is, 0 to 1. */
	readonly lightStrength: number;
	/** The colour of a surface in this light; `distance` from 0 (near) to 1 (lost in the haze). */
	lit(base: Rgb, distance?: number): Rgb;
	/** Any colour in the picture's mood, in its own light (lamps, fire, kites against the sun). */
	own(color: Rgb): Rgb;
}

interface Light {
	readonly sky: readonly string[];
	readonly haze: string;
	readonly light: string;
	readonly lightStrength: number;
	readonly ambient: Rgb;
}

const LIGHTS: Readonly<Record<TimeOfDay, readonly [Light, ...Light[]]>> = {
	dawn: [
		{
			sky: ["#27406f", "#5a6ea3", "#a58fb4", "#eba69c", "#ffc996", "#ffe6b4"],
			haze: "#f6bfa4",
			light: "#ffe2a8",
			lightStrength: 0.9,
			ambient: [0.9, 0.76, 0.8],
		},
		{
			sky: ["#35508a", "#7187bd", "#b9a9cd", "#f3b9b5", "#ffd6ad", "#fff0c9"],
			haze: "#f9cdb8",
			light: "#fff0c4",
			lightStrength: 0.85,
			ambient: [0.94, 0.82, 0.84],
		},
	],
	day: [
		{
			sky: ["#1c67b8", "#3f93d8", "#79bbe9", "#b5dcf2", "#e3f2f4"],
			haze: "#cfe6f0",
			light: "#fffbe6",
			lightStrength: 0.75,
			ambient: [1, 1, 0.98],
		},
		{
			sky: ["#2a7fb0", "#55aacb", "#8fcfdd", "#c6e8e4", "#f1f3df"],
			haze: "#d7ebe4",
			light: "#fff8d8",
			lightStrength: 0.75,
			ambient: [1.02, 1, 0.93],
		},
	],
	dusk: [
		{
			sky: ["#191a49", "#44306f", "#8d3f7b", "#dd5f63", "#fb9155", "#ffcf70"],
			haze: "#ee8560",
			light: "#ffd27a",
			lightStrength: 1,
			ambient: [0.78, 0.56, 0.62],
		},
		{
			sky: ["#20335e", "#4d5185", "#94668c", "#e08276", "#fbb16f", "#ffdf99"],
			haze: "#efa07c",
			light: "#ffdc96",
			lightStrength: 1,
			ambient: [0.82, 0.64, 0.66],
		},
	],
	night: [
		{
			sky: ["#050a20", "#0a1738", "#132a58", "#23477b", "#3d6a98"],
			haze: "#2d547f",
			light: "#e3ecff",
			lightStrength: 0.55,
			ambient: [0.27, 0.36, 0.56],
		},
		{
			sky: ["#090921", "#15143f", "#2a2462", "#443a82", "#6a5a9e"],
			haze: "#4d4486",
			light: "#f1e9ff",
			lightStrength: 0.55,
			ambient: [0.31, 0.32, 0.56],
		},
	],
};

/** What weather does to the light: how grey, how dark, how thick the air. */
const WEATHERS: Readonly<Record<Weather, { readonly grey: number; readonly dark: number; readonly sun: number }>> = {
	clear: { grey: 0, dark: 0, sun: 1 },
	rain: { grey: 0.55, dark: 0.28, sun: 0.25 },
	snow: { grey: 0.4, dark: 0.04, sun: 0.5 },
	fog: { grey: 0.45, dark: 0.02, sun: 0.6 },
	storm: { grey: 0.65, dark: 0.48, sun: 0.1 },
};
const OVERCAST = rgb("#7d8b9c");

/** Chooses the colours. The random source picks among the looks of one time of day. */
export function createPalette(time: TimeOfDay, weather: Weather, mood: Mood | undefined, random: Random): Palette {
	const light = random.pick(LIGHTS[time]);
	const { grey, dark, sun } = WEATHERS[weather];
	const own = (color: Rgb): Rgb => applyMood(color, mood);
	const overcast = multiply(OVERCAST, light.ambient);
	const air = (code: string): Rgb => own(mix(mix(rgb(code), overcast, grey), [0, 0, 0], dark));
	const sky = light.sky.map(air);
	const haze = air(light.haze);
	const ambient: Rgb = mix(light.ambient, [0.62, 0.68, 0.76], grey * (time === "night" ? 0.1 : 0.55));
	return {
		time,
		sky,
		haze,
		light: own(mix(rgb(light.light), WHITE, grey * 0.5)),
		lightStrength: light.lightStrength * sun,
		own,
		lit: (base, distance = 0) => mix(own(multiply(mix(base, [0, 0, 0], dark * 0.5), ambient)), haze, distance),
	};
}

/** The sky's colour at a height: 0 is the zenith, 1 the horizon. */
export function skyAt(palette: Palette, position: number): Rgb {
	return along(palette.sky, position);
}

function applyMood(color: Rgb, mood: Mood | undefined): Rgb {
	if (mood === undefined) return color;
	if (mood.kind === "tint") return tintTowards(color, mood.color, 0.37);
	if (mood.kind === "pastel") return mix(saturate(color, 0.75), WHITE, 0.3);
	if (mood.kind === "neon") return saturate(color, 1.7);
	return saturate(color, 0.04);
}
