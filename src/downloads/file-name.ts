import { extname } from "node:path";
import { InputError } from "../errors/index.ts";
import type { VideoContainer } from "../media/index.ts";

/** What the placeholders of an `output` stand for. */
export interface NamingValues {
	/** `{id}`: the id of the job. */
	readonly jobId: string;
	/** `{model}`: the model reference, `provider:model`. */
	readonly model: string;
	/** `{prompt}`: shortened and reduced to letters that every file system takes. */
	readonly prompt: string;
	/** `{date}`: when the job was created, in milliseconds since 1970-01-01 UTC. The name shows the day in UTC. */
	readonly createdAtMs: number;
	/** `{index}`: the place in a batch, from 1. Absent outside a batch, where the name shows 1. */
	readonly index?: number;
}

const PLACEHOLDER = /\{([^{}]*)\}/g;
const MAXIMUM_SLUG_CHARACTERS = 80;
/** Most file systems take 255 bytes; the rest is room for a number and for encryption layers. */
const MAXIMUM_NAME_BYTES = 200;
/** What follows the last dot of a name that a person wrote may be half a sentence; no extension is that long. */
const MAXIMUM_EXTENSION_BYTES = 16;
const RESERVED_ON_WINDOWS = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)\s*(?:\.|$)/i;
const FORBIDDEN_ON_WINDOWS = /[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}]/gu;
const CONTAINER_OF_EXTENSION: Readonly<Record<string, VideoContainer>> = {
	".mp4": "mp4",
	".m4v": "mp4",
	".mov": "mov",
	".webm": "webm",
	".mkv": "mkv",
};
const VALUES: Readonly<Record<string, (values: NamingValues) => string>> = {
	id: (values) => values.jobId,
	model: (values) => values.model,
	date: (values) => new Date(values.createdAtMs).toISOString().slice(0, 10),
	index: (values) => String(values.index ?? 1),
	prompt: (values) => values.prompt,
};

/** The container that a file name promises by its ending; `undefined` when it promises none. */
export function containerOfName(name: string): VideoContainer | undefined {
	return CONTAINER_OF_EXTENSION[extname(name).toLowerCase()];
}

/** Whether a file name holds placeholders. Throws `InputError` when it holds one that does not exist. */
export function isTemplate(name: string): boolean {
	const unknown = [...name.matchAll(PLACEHOLDER)].find(([, key]) => !Object.hasOwn(VALUES, key ?? ""));
	if (unknown !== undefined) {
		const known = Object.keys(VALUES).map((key) => `{${key}}`);
		throw new InputError("output", `${unknown[0]} is not a placeholder; use ${known.join(", ")}`);
	}
	return name.search(PLACEHOLDER) !== -1;
}

/** Whether Windows would take the name for a device. */
export function isReservedName(name: string): boolean {
	return RESERVED_ON_WINDOWS.test(name);
}

/** Text reduced to `[a-z0-9._-]{1,80}`, starting and ending in a letter or digit; `video` when nothing is left. */
function slug(text: string): string {
	const plain = text
		.slice(0, 4 * MAXIMUM_SLUG_CHARACTERS)
		.normalize("NFKD")
		.toLowerCase();
	const words = plain.replace(/\p{M}/gu, "").replace(/[^a-z0-9._-]+/g, "-");
	const trimmed = words.replace(/^[._-]+/, "").slice(0, MAXIMUM_SLUG_CHARACTERS);
	return trimmed.replace(/[._-]+$/, "") || "video";
}

/**
 * Fills in a template. The result is one file name that Linux, macOS and Windows all take, and ends in
 * a video extension: the template's own, else that of the container.
 */
export function renderName(template: string, values: NamingValues, container: VideoContainer): string {
	const filled = template.replace(PLACEHOLDER, (_match, key: string) => slug(VALUES[key]?.(values) ?? ""));
	const safe = filled.replace(FORBIDDEN_ON_WINDOWS, "-");
	const extension = containerOfName(safe) === undefined ? `.${container}` : extname(safe);
	const stem = containerOfName(safe) === undefined ? safe : safe.slice(0, -extension.length);
	const name = shorten(stem, MAXIMUM_NAME_BYTES - extension.length) + extension;
	return isReservedName(name) ? `_${name}` : name;
}

/** The name with a number before its extension: `kite.mp4`, 2 → `kite-2.mp4`. Never longer than 200 bytes. */
export function numberedName(name: string, number: number): string {
	const last = extname(name);
	const extension = Buffer.byteLength(last) > MAXIMUM_EXTENSION_BYTES ? "" : last;
	const ending = `-${number}${extension}`;
	const stem = name.slice(0, name.length - extension.length);
	return shorten(stem, MAXIMUM_NAME_BYTES - Buffer.byteLength(ending)) + ending;
}

/** The whole characters that fit, from the beginning. */
function shorten(stem: string, maximumBytes: number): string {
	let end = 0;
	let sizeBytes = 0;
	for (const character of stem) {
		sizeBytes += Buffer.byteLength(character);
		if (sizeBytes > maximumBytes) break;
		end += character.length;
	}
	return stem.slice(0, end);
}
