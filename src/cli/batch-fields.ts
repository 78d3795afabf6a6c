import { createHash } from "node:crypto";
import { didYouMean } from "../config/index.ts";
import type { GenerateOptions, ImageToVideoRequest } from "../index.ts";

type Kind = "text" | "number" | "boolean" | "list" | "json";

/** How each field of a request is written in a cell. One that is forgotten does not compile. */
const REQUEST_FIELDS: { readonly [Name in keyof ImageToVideoRequest]-?: Kind } = {
	prompt: "text",
	negativePrompt: "text",
	durationSeconds: "number",
	fps: "number",
	aspectRatio: "text",
	resolution: "text",
	quality: "text",
	seed: "number",
	numInferenceSteps: "number",
	guidanceScale: "number",
	generateAudio: "boolean",
	providerOptions: "json",
	image: "text",
	lastFrame: "text",
	references: "list",
};

/** The options that an item may have of its own. */
const OPTION_FIELDS = {
	model: "text",
	fallbacks: "list",
	output: "text",
	overwrite: "boolean",
	timeoutMs: "number",
	maxCostUsd: "number",
	onUnsupported: "text",
} as const satisfies { readonly [Name in keyof GenerateOptions]?: Kind };

const FIELDS: Readonly<Record<string, Kind>> = { ...REQUEST_FIELDS, ...OPTION_FIELDS };

/** What one line asks for, as it was written. The service checks the values. */
export interface ItemFields {
	readonly request: ImageToVideoRequest;
	readonly options: Pick<GenerateOptions, keyof typeof OPTION_FIELDS>;
}

/** What is wrong with a field's name; `undefined` when it is one. */
export function fieldProblem(name: string): string | undefined {
	if (Object.hasOwn(FIELDS, name)) return undefined;
	return `${name}: there is no such field.${didYouMean(name, Object.keys(FIELDS))}`;
}

/** Takes an item's fields apart. A field that is `undefined` or `null` is not given. */
export function splitFields(fields: Readonly<Record<string, unknown>>): ItemFields {
	const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
	const [options, request] = [true, false].map((isOption) =>
		Object.fromEntries(given.filter(([name]) => Object.hasOwn(OPTION_FIELDS, name) === isOption)),
	);
	return { request, options } as unknown as ItemFields;
}

/**
 * The value of a CSV cell. What cannot be read as its field's kind stays text, for the service to refuse
 * in its own words; an empty cell is not given.
 */
export function cellValue(name: string, cell: string): unknown {
	if (cell === "") return undefined;
	const text = cell.trim();
	switch (FIELDS[name]) {
		case "number":
			return text === "" || Number.isNaN(Number(text)) ? cell : Number(text);
		case "boolean":
			return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : cell;
		case "list":
			return text.startsWith("[") ? parseJson(text) : text.split(",").map((part) => part.trim());
		case "json":
			return parseJson(text);
		default:
			return cell;
	}
}

/**
 * Tells items apart by what they ask for, whatever their place, the format, or the order of their fields.
 * Where the video goes, and how long to wait for it, make no other item.
 */
export function itemHash({ request, options: { model, fallbacks } }: ItemFields): string {
	return createHash("sha256").update(canonical({ request, model, fallbacks })).digest("hex").slice(0, 24);
}

function canonical(value: unknown): string {
	return JSON.stringify(value, (_key, part: unknown) =>
		typeof part !== "object" || part === null || Array.isArray(part)
			? part
			: Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))),
	);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
