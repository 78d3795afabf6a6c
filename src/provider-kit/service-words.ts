import { redactStart } from "../errors/index.ts";
import type { FailureKind, JsonValue, OperationStatus, VideoAsset } from "../provider/index.ts";
import { jsonAt } from "./parse-json.ts";

/** Where in an answer something may be: the names and positions that lead there. */
export type JsonPath = readonly (string | number)[];

const LONGEST_REASON = 1_000;
const LONGEST_MESSAGE = 300;
/** Where services put the reason of a failure. The whole answer is one, when it is a text. */
const USUAL_PLACES: readonly JsonPath[] = [
	[],
	["error", "message"],
	["error"],
	["detail"],
	["detail", "message"],
	["message"],
	["reason"],
	["title"],
];

/**
 * The reason in an answer that tells of a failure, from the first place that has one: a text, or a list of problems
 * such as `[{ "loc": ["body", "seed"], "msg": "too large" }]`. Secrets may still be in it: see `readable`.
 */
export function reasonIn(json: unknown, places: readonly JsonPath[] = USUAL_PLACES): string | undefined {
	for (const place of places) {
		const found = jsonAt(json as JsonValue | undefined, ...place);
		if (typeof found === "string" && found !== "") return found;
		if (place.length > 0 && Array.isArray(found) && found.length > 0) return found.map(describeProblem).join("; ");
	}
	return undefined;
}

/** Text of a service as one line of 1,000 characters at most, without secrets. */
export function readable(text: string): string {
	return toLine(text).slice(0, LONGEST_REASON);
}

/** The kind of the first row whose pattern one of the words matches; `undefined` when none does. */
export function kindByWords(
	words: readonly string[],
	kinds: readonly (readonly [RegExp, FailureKind])[],
): FailureKind | undefined {
	return kinds.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1];
}

/** The status of an operation that runs, with the last line of its log, if it has one. */
export function running(log?: string | null): OperationStatus {
	const [last = ""] = (log ?? "")
		.trim()
		.split(/[\r\n]+/)
		.slice(-1);
	const message = toLine(last).slice(0, LONGEST_MESSAGE);
	return { state: "running", ...(message === "" ? {} : { message }) };
}

/** Every `http:` and `https:` URL in a value of the wire, whatever its shape, in order. */
export function urlsIn(value: unknown): readonly string[] {
	if (typeof value === "string") return /^https?:\/\//i.test(value) && URL.canParse(value) ? [value] : [];
	return typeof value === "object" && value !== null ? Object.values(value).flatMap(urlsIn) : [];
}

/**
 * The video at the first place that has one: the `http:` or `https:` URL of it, alone or as `url` in an object, there
 * perhaps with its size in bytes as `file_size`.
 */
export function videoAt(json: JsonValue | undefined, places: readonly JsonPath[]): VideoAsset | undefined {
	for (const place of places) {
		const found = jsonAt(json, ...place);
		const [url] = urlsIn(typeof found === "string" ? found : jsonAt(found, "url"));
		if (url === undefined) continue;
		const size = jsonAt(found, "file_size");
		const isSize = typeof size === "number" && Number.isSafeInteger(size) && size > 0;
		return { kind: "url", url, ...(isSize ? { sizeBytes: size } : {}) };
	}
	return undefined;
}

function toLine(text: string): string {
	return redactStart(text)
		.replace(/[\s\p{C}]+/gu, " ")
		.trim();
}

/** A problem with its place, in the shape of FastAPI and others. */
function describeProblem(problem: JsonValue): string {
	if (typeof problem === "string") return problem;
	const path = jsonAt(problem, "loc");
	const places = Array.isArray(path) ? path.filter((step) => step !== "body").join(".") : undefined;
	const place = places ?? jsonAt(problem, "field") ?? jsonAt(problem, "name");
	const words = reasonIn(problem, [["msg"], ["description"], ["detail"], ["message"]]);
	if (words === undefined) return JSON.stringify(problem);
	return typeof place === "string" && place !== "" ? `${place}: ${words}` : words;
}
