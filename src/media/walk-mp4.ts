import { type ContainerWalk, WINDOW_BYTES } from "./container-walk.ts";

interface Box {
	readonly type: string;
	/** Where its content starts and ends in the file. */
	readonly start: number;
	readonly end: number;
}

const BOX_HEADER = 8;
const LARGE_BOX_HEADER = 16;
const TABLE_HEADER = 8;
/** The one path on which chunk offsets are found. Nothing else is entered, so nesting is bounded. */
const PATH_TO_OFFSETS = ["trak", "mdia", "minf", "stbl"] as const;
const OFFSET_BYTES: Readonly<Record<string, 4 | 8>> = { stco: 4, co64: 8 };
/** Four printable characters; QuickTime also has a copyright sign. */
const BOX_TYPE = /^[\x20-\x7e\xa9]{4}$/;

/** Checks that the boxes of an MP4 or QuickTime file tile it, and that its index points into it. */
export async function walkMp4(walk: ContainerWalk): Promise<void> {
	let hasIndex = false;
	let hasMedia = false;
	for (let offset = 0; offset < walk.size; ) {
		const box = await readBox(walk, offset, "top");
		if (box === undefined) walk.failCutOff();
		if (box.end > walk.size) walk.failCutOff(box.end);
		if (box.type === "moov") {
			hasIndex = true;
			await walkIndex(walk, box, 0);
		}
		if (box.type === "mdat" && box.end > box.start) hasMedia = true;
		offset = box.end;
	}
	if (!hasIndex) walk.fail("the video has no index (moov box), as if it was never finished or was cut off");
	if (!hasMedia) walk.fail("the video has an index but no pictures (mdat box), as if it was cut off");
}

async function walkIndex(walk: ContainerWalk, parent: Box, depth: number): Promise<void> {
	for (let offset = parent.start; offset + BOX_HEADER <= parent.end; ) {
		const box = await readBox(walk, offset, "nested");
		if (box === undefined) return;
		if (box.end > parent.end) walk.fail(`the video's index is damaged: the ${box.type} box is longer than its parent`);
		if (box.type === PATH_TO_OFFSETS[depth]) await walkIndex(walk, box, depth + 1);
		const offsetBytes = depth === PATH_TO_OFFSETS.length ? OFFSET_BYTES[box.type] : undefined;
		if (offsetBytes !== undefined) await checkOffsets(walk, box, offsetBytes);
		offset = box.end;
	}
}

/** Reads a table of chunk offsets in pieces. A forged count would make whoever trusts it allocate gigabytes. */
async function checkOffsets(walk: ContainerWalk, table: Box, offsetBytes: 4 | 8): Promise<void> {
	const count =
		table.end - table.start < TABLE_HEADER ? undefined : uint32(await walk.read(table.start, TABLE_HEADER), 4);
	const start = table.start + TABLE_HEADER;
	if (count === undefined || start + count * offsetBytes > table.end) {
		walk.fail(`the video's index is damaged: its ${table.type} table is shorter than it says`);
	}
	const end = start + count * offsetBytes;
	for (let offset = start; offset < end; ) {
		const piece = await walk.read(offset, Math.min(WINDOW_BYTES, end - offset));
		if (piece.length < offsetBytes) walk.failCutOff();
		for (let index = 0; index + offsetBytes <= piece.length; index += offsetBytes) {
			const chunk = offsetBytes === 4 ? uint32(piece, index) : uint64(piece, index);
			if (chunk > walk.size) walk.failCutOff(chunk);
		}
		offset += piece.length - (piece.length % offsetBytes);
	}
}

/**
 * The box at `offset`; `undefined` when its header is not all there. A size of 0 means "to the end of the
 * file" at the top, and ends the list in a box, as QuickTime writes it.
 */
async function readBox(walk: ContainerWalk, offset: number, level: "top" | "nested"): Promise<Box | undefined> {
	const header = await walk.read(offset, LARGE_BOX_HEADER);
	if (header.length < BOX_HEADER) return undefined;
	const shortSize = uint32(header, 0);
	if (shortSize === 0 && level === "nested") return undefined;
	const type = String.fromCharCode(...header.subarray(4, 8));
	if (!BOX_TYPE.test(type)) walk.fail(`the video is damaged: no box starts at byte ${offset}`);
	if (shortSize === 0) return { type, start: offset + BOX_HEADER, end: walk.size };
	if (shortSize === 1 && header.length < LARGE_BOX_HEADER) return undefined;
	const size = shortSize === 1 ? uint64(header, 8) : shortSize;
	const start = offset + (shortSize === 1 ? LARGE_BOX_HEADER : BOX_HEADER);
	if (offset + size < start)
		walk.fail(`the video is damaged: the size of the ${type} box at byte ${offset} is impossible`);
	return { type, start, end: offset + size };
}

function uint32(data: Uint8Array, offset: number): number {
	return new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(offset);
}

/** Above 2⁵³ it is rounded, which is far outside any file. */
function uint64(data: Uint8Array, offset: number): number {
	return uint32(data, offset) * 2 ** 32 + uint32(data, offset + 4);
}
