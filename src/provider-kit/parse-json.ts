import type { JsonValue } from "../provider/index.ts";

/** The value of a JSON text; `undefined` when it is not JSON. */
export function parseJson(text: string): JsonValue | undefined {
	try {
		return JSON.parse(text) as JsonValue;
	} catch {
		return undefined;
	}
}

/**
 * The value at a path of names and positions, `undefined` where there is none:
 * `jsonAt(json, "data", 0, "url")`. For adapters that check a few fields by hand.
 */
export function jsonAt(json: JsonValue | undefined, ...path: readonly (string | number)[]): JsonValue | undefined {
	let value: unknown = json;
	for (const step of path) {
		if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
		value = Reflect.get(value, step);
	}
	return value as JsonValue | undefined;
}

/** The text at a path, as `jsonAt` finds it; `undefined` where there is none, or something else. */
export function textAt(json: JsonValue | undefined, ...path: readonly (string | number)[]): string | undefined {
	const value = jsonAt(json, ...path);
	return typeof value === "string" ? value : undefined;
}

/** The number at a path, as `jsonAt` finds it; `undefined` where there is none, or something else. */
export function numberAt(json: JsonValue | undefined, ...path: readonly (string | number)[]): number | undefined {
	const value = jsonAt(json, ...path);
	return typeof value === "number" ? value : undefined;
}

/** Whether an object in a valid JSON text has a name twice, so that readers disagree on what it says. */
export function hasDuplicateName(text: string): boolean {
	/** The names of each open object; nothing for an array. */
	const open: (Set<string> | undefined)[] = [];
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (character === "{") open.push(new Set());
		else if (character === "[") open.push(undefined);
		else if (character === "}" || character === "]") open.pop();
		else if (character === '"') {
			const end = endOfString(text, at);
			const names = open.at(-1);
			if (names !== undefined && isName(text, end + 1)) {
				const name = String(JSON.parse(text.slice(at, end + 1)));
				if (names.has(name)) return true;
				names.add(name);
			}
			at = end;
		}
	}
	return false;
}

function endOfString(text: string, start: number): number {
	let end = start;
	let isEscaped = true;
	while (isEscaped) {
		end = text.indexOf('"', end + 1);
		let backslashes = 0;
		while (text[end - 1 - backslashes] === "\\") backslashes++;
		isEscaped = backslashes % 2 === 1;
	}
	return end;
}

/** A string is a name when a colon follows it. */
function isName(text: string, after: number): boolean {
	let at = after;
	while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at++;
	return text[at] === ":";
}
