import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Canvas, createCanvas, GlobalFonts, type SKRSContext2D } from "@napi-rs/canvas";
import { smoothStep } from "./art/easing.ts";
import type { Moment } from "./art/stage.ts";

/** The parts of the font, and the characters that need each. */
const SUBSETS = [
	{ name: "latin", pattern: /[\u0020-\u00ff\u2000-\u206f\u20ac\u2122]/u },
	{ name: "latin-ext", pattern: /[\u0100-\u02ff\u1e00-\u1e9f]/u },
	{ name: "vietnamese", pattern: /[\u0102\u0103\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]/u },
	{ name: "cyrillic", pattern: /[\u0400-\u045f\u0490\u0491]/u },
	{ name: "greek", pattern: /[\u0370-\u03ff]/u },
] as const;
const MAXIMUM_LINES = 3;
const ELLIPSIS = "…";
const FADE_SECONDS = [0.25, 1.1] as const;

/** Draws a text into the lower third; it fades in. `undefined` where the frame has no room for legible text. */
export function createCaption(
	text: string,
	width: number,
	height: number,
): ((context: SKRSContext2D, moment: Moment) => void) | undefined {
	const overlay = paintOverlay(text, width, height);
	if (overlay === undefined) return undefined;
	return (context, { seconds }) => {
		const alpha = smoothStep(FADE_SECONDS[0], FADE_SECONDS[1], seconds);
		if (alpha === 0) return;
		context.globalAlpha = alpha;
		context.drawImage(overlay, 0, height - overlay.height);
		context.globalAlpha = 1;
	};
}

function paintOverlay(text: string, width: number, height: number): Canvas | undefined {
	const family = registerFont(text);
	const short = Math.min(width, height);
	const size = Math.max(9, Math.round(Math.max(short * 0.045, width * 0.022)));
	const measure = createCanvas(1, 1).getContext("2d");
	measure.font = `600 ${size}px ${family}`;
	const margin = Math.round(Math.max(width * 0.055, 6));
	const maximumLines = Math.max(1, Math.min(MAXIMUM_LINES, Math.floor((height * 0.3) / (size * 1.3))));
	const lines = wrap(measure, text, width - 2 * margin, maximumLines);
	if (lines.length === 0) return undefined;
	const leading = size * 1.32;
	const block = leading * lines.length;
	const bottom = Math.round(Math.max(height * 0.055, 4));
	const shadeHeight = Math.min(height, Math.ceil(block + bottom + short * 0.2));
	const canvas = createCanvas(width, shadeHeight);
	const context = canvas.getContext("2d");
	const shade = context.createLinearGradient(0, 0, 0, shadeHeight);
	for (let stop = 0; stop <= 8; stop += 1) {
		const share = stop / 8;
		shade.addColorStop(share, `rgba(6,8,18,${(0.62 * share * share * (3 - 2 * share)).toFixed(3)})`);
	}
	context.fillStyle = shade;
	context.fillRect(0, 0, width, shadeHeight);
	context.font = measure.font;
	context.lang = "en";
	context.textBaseline = "alphabetic";
	context.shadowColor = "rgba(0,0,0,0.55)";
	context.shadowBlur = size * 0.35;
	context.shadowOffsetY = size * 0.05;
	context.fillStyle = "#fffdf8";
	for (const [index, line] of lines.entries()) {
		context.fillText(line, margin, shadeHeight - bottom - block + leading * (index + 0.8));
	}
	return canvas;
}

/** Registers the parts of Inter that the text needs, from the package's files. Returns a CSS font family list. */
function registerFont(text: string): string {
	const require = createRequire(import.meta.url);
	const families: string[] = [];
	for (const { name, pattern } of SUBSETS) {
		if (name !== "latin" && !pattern.test(text)) continue;
		const family = `Caption ${name}`;
		const file = require.resolve(`@fontsource/inter/files/inter-${name}-600-normal.woff2`);
		GlobalFonts.register(readFileSync(file), family);
		families.push(`"${family}"`);
	}
	return families.join(", ");
}

function wrap(context: SKRSContext2D, text: string, width: number, maximumLines: number): string[] {
	const fits = (line: string): boolean => context.measureText(line).width <= width;
	const lines: string[] = [];
	let rest = text.split(/\s+/).filter((word) => word !== "");
	while (rest.length > 0 && lines.length < maximumLines) {
		let line = rest[0] as string;
		let used = 1;
		while (used < rest.length && fits(`${line} ${rest[used]}`)) {
			line += ` ${rest[used]}`;
			used += 1;
		}
		rest = rest.slice(used);
		if (!fits(line)) {
			const cut = longestStart(line, fits);
			if (cut === "") return [];
			rest.unshift(line.slice(cut.length));
			line = cut;
		}
		lines.push(line);
	}
	const last = lines.at(-1);
	if (rest.length > 0 && last !== undefined) {
		lines[lines.length - 1] = longestStart(last, (start) => fits(start + ELLIPSIS)).trimEnd() + ELLIPSIS;
	}
	return lines;
}

function longestStart(text: string, fits: (start: string) => boolean): string {
	let start = "";
	for (const character of text) {
		if (!fits(start + character)) break;
		start += character;
	}
	return start;
}
