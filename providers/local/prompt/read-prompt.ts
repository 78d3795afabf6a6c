import type { CameraMove } from "../art/camera.ts";
import type { Rgb } from "../art/color.ts";
import type { Mood, TimeOfDay, Weather } from "../art/palette.ts";
import { hashText } from "../art/random.ts";
import {
	CAMERA_PHRASES,
	COLOR_WORDS,
	COLORS_OF_THINGS_ONLY,
	MOOD_WORDS,
	SCENE_WORDS,
	type SceneName,
	SUBJECT_WORDS,
	type SubjectName,
	TIME_WORDS,
	WEATHER_WORDS,
	WIND_WORDS,
} from "./vocabulary.ts";

/** What a prompt asks to see, as far as its words tell. */
export interface Reading {
	readonly scene: SceneName;
	readonly subjects: readonly { readonly name: SubjectName; readonly color?: Rgb }[];
	readonly time?: TimeOfDay;
	readonly weather: Weather;
	/** 0 is calm, 1 a breeze, 2 a storm. */
	readonly wind: number;
	readonly mood?: Mood;
	/** Absent: the prompt asks for none. */
	readonly camera?: CameraMove;
}

/** Scenes for a prompt whose words name none; a prompt always gets the same. */
const SCENES_FOR_ANYTHING: readonly SceneName[] = ["hills", "sky", "sea", "mountains", "lake", "forest", "city"];
const MAXIMUM_SUBJECTS = 3;
/** A colour belongs to a thing that follows it within this many words: "a small red and white kite". */
const COLOR_REACH = 3;

/** Reads a prompt by its words. The same prompt always reads the same. */
export function readPrompt(prompt: string): Reading {
	const words = splitWords(prompt);
	const subjects: { name: SubjectName; color?: Rgb }[] = [];
	const colorsTaken = new Set<number>();
	for (const [position, word] of words.entries()) {
		const name = lookUp(SUBJECT_WORDS, word);
		if (name === undefined || subjects.some((subject) => subject.name === name)) continue;
		if (subjects.length === MAXIMUM_SUBJECTS) break;
		const at = colorBefore(words, position);
		if (at !== undefined) colorsTaken.add(at);
		const color = at === undefined ? undefined : COLOR_WORDS[words[at] ?? ""];
		subjects.push(color === undefined ? { name } : { name, color });
	}
	const scene = bestScene(words) ?? SCENES_FOR_ANYTHING[hashText(prompt) % SCENES_FOR_ANYTHING.length] ?? "hills";
	const time = findFirst(words, (word) => lookUp(TIME_WORDS, word));
	const mood = findFirst(words, (word, position) => moodOf(word, colorsTaken.has(position)));
	const weather = findFirst(words, (word) => lookUp(WEATHER_WORDS, word)) ?? "clear";
	const text = ` ${words.join(" ")} `;
	const camera = CAMERA_PHRASES.find(([pattern]) => pattern.test(text))?.[1];
	const windy = words.some((word) => WIND_WORDS.split(" ").includes(word));
	return {
		scene,
		subjects,
		weather,
		wind: weather === "storm" ? 2 : windy ? 1.2 : weather === "fog" ? 0.2 : 0.6,
		...(time === undefined ? {} : { time }),
		...(mood === undefined ? {} : { mood }),
		...(camera === undefined ? {} : { camera }),
	};
}

/** Lower-case words without accents; a known plural becomes its singular. */
function splitWords(prompt: string): readonly string[] {
	const plain = prompt
		.normalize("NFD")
		.replace(/\p{M}/gu, "")
		.toLowerCase()
		.replace(/golden hour/g, "golden-hour")
		.replace(/black and white/g, "black-and-white")
		.replace(/deep sea/g, "deep-sea");
	return plain.split(/[^\p{L}\p{N}-]+/u).filter((word) => word !== "");
}

function bestScene(words: readonly string[]): SceneName | undefined {
	let best: SceneName | undefined;
	let bestScore = 0;
	for (const name of Object.keys(SCENE_WORDS) as SceneName[]) {
		let score = 0;
		for (const [position, word] of words.entries()) {
			for (const [weight, list] of SCENE_WORDS[name]) {
				// Earlier words count a little more, which settles ties.
				if (matches(list, word)) score += weight - position * 0.001;
			}
		}
		if (score > bestScore) {
			best = name;
			bestScore = score;
		}
	}
	return best;
}

function colorBefore(words: readonly string[], position: number): number | undefined {
	for (let at = position - 1; at >= Math.max(0, position - COLOR_REACH); at -= 1) {
		if (Object.hasOwn(COLOR_WORDS, words[at] ?? "")) return at;
	}
	return undefined;
}

function moodOf(word: string, isColorOfThing: boolean): Mood | undefined {
	if (Object.hasOwn(MOOD_WORDS, word)) return MOOD_WORDS[word];
	if (isColorOfThing || COLORS_OF_THINGS_ONLY.split(" ").includes(word)) return undefined;
	const color = Object.hasOwn(COLOR_WORDS, word) ? COLOR_WORDS[word] : undefined;
	return color === undefined ? undefined : { kind: "tint", color };
}

function findFirst<Found>(
	words: readonly string[],
	look: (word: string, position: number) => Found | undefined,
): Found | undefined {
	for (const [position, word] of words.entries()) {
		const found = look(word, position);
		if (found !== undefined) return found;
	}
	return undefined;
}

function lookUp<Name extends string>(table: Readonly<Record<Name, string>>, word: string): Name | undefined {
	return (Object.keys(table) as Name[]).find((name) => matches(table[name], word));
}

function matches(list: string, word: string): boolean {
	return singulars(word).some((candidate) => ` ${list} `.includes(` ${candidate} `));
}

function singulars(word: string): readonly string[] {
	const forms = [word];
	if (word.endsWith("s")) forms.push(word.slice(0, -1));
	if (word.endsWith("es")) forms.push(word.slice(0, -2));
	if (word.endsWith("ies")) forms.push(`${word.slice(0, -3)}y`);
	if (word.endsWith("ves")) forms.push(`${word.slice(0, -3)}f`);
	return forms;
}
