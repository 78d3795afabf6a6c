import { mkdtemp, open, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { probeOrSniff } from "../../../src/media/index.ts";
import { box, FTYP, uint32 } from "../../media/video-files.ts";
import { TINY_VIDEO } from "../../support/tiny-video.ts";
import type { CellOutcome, FaultCell } from "./report.ts";

const TIMEOUT_MS = 2_000;
/** Starting a thread and ending it, on top of the limit. */
const LONGEST_MS = TIMEOUT_MS + 3_000;
const MAXIMUM_MEMORY_MB = 64;

/** A file that was paid for and is kept, whatever it says of itself. */
function probeCell(name: string, make: (path: string) => Promise<void>): FaultCell {
	return { name: `probe: ${name}`, run: () => runProbe(make) };
}

async function runProbe(make: (path: string) => Promise<void>): Promise<CellOutcome> {
	const folder = await mkdtemp(join(tmpdir(), "reelay-faults-"));
	const path = join(folder, "video.mp4");
	const problems: string[] = [];
	try {
		await make(path);
		const before = await stat(path);
		const startedAt = performance.now();
		const { metadata, warning } = await probeOrSniff(path, {
			timeoutMs: TIMEOUT_MS,
			maxMemoryMb: MAXIMUM_MEMORY_MB,
		});
		const tookMs = performance.now() - startedAt;
		if (metadata.container !== "mp4") problems.push(`took it for ${metadata.container}`);
		if (warning !== undefined && Object.keys(metadata).length !== 1) problems.push("says more than it knows");
		if (warning === undefined && metadata.codec === undefined && metadata.width === undefined) {
			problems.push(`knows nothing, and says so to nobody: ${JSON.stringify(metadata)}`);
		}
		if (tookMs > LONGEST_MS) problems.push(`took ${Math.round(tookMs)} ms`);
		const after = await stat(path);
		if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) problems.push("the file was changed");
	} catch (error) {
		problems.push(`broke with ${String(error)}`);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
	return { problems, jobs: 1, wronglyFinal: 0, deniedConnects: 0, bytesLost: 0 };
}

function bytes(data: Uint8Array): (path: string) => Promise<void> {
	return (path) => writeFile(path, data);
}

/** The tiny video with one number of a box changed; `offset` is counted from the box's name. */
function forged(type: string, offset: number, value: number): (path: string) => Promise<void> {
	const data = Buffer.from(TINY_VIDEO);
	data.writeUInt32BE(value, data.indexOf(type) + offset);
	return bytes(data);
}

function million(type: string): Buffer {
	return Buffer.alloc(8_000_000, box(type));
}

function nested(depth: number): Buffer {
	let inner = box("stbl");
	for (let level = 0; level < depth; level += 1) inner = box("trak", inner);
	return inner;
}

/** An index that says it is so large, without that being written. */
function hollowIndex(sizeBytes: number): (path: string) => Promise<void> {
	return async (path) => {
		const file = await open(path, "w");
		const start = Buffer.concat([
			FTYP,
			uint32(sizeBytes),
			Buffer.from("moov"),
			uint32(sizeBytes - 8),
			Buffer.from("trak"),
		]);
		await file.write(start);
		await file.truncate(FTYP.byteLength + sizeBytes);
		await file.close();
	};
}

/** Videos that make whoever believes them spin, or eat memory. */
export const PROBE_CELLS: readonly FaultCell[] = [
	probeCell("the whole video", bytes(TINY_VIDEO)),
	probeCell("cut in its index", bytes(TINY_VIDEO.subarray(0, 400))),
	probeCell("cut in its pictures", bytes(TINY_VIDEO.subarray(0, 900))),
	probeCell("only its first box", bytes(FTYP)),
	probeCell("only the first bytes of its first box", bytes(TINY_VIDEO.subarray(0, 16))),
	probeCell("noise after its first box", bytes(Buffer.concat([FTYP, Buffer.alloc(100_000, 0xa7)]))),
	probeCell("zeros after its first box", bytes(Buffer.concat([FTYP, Buffer.alloc(100_000)]))),
	probeCell("no width and no height", async (path) => {
		const data = Buffer.from(TINY_VIDEO);
		const header = data.indexOf("tkhd");
		data.writeUInt32BE(0, header + 80);
		data.writeUInt32BE(0, header + 84);
		data.writeUInt32BE(0, data.indexOf("avc1", header) + 28);
		await writeFile(path, data);
	}),
	probeCell("two billion pictures in no table", forged("stsz", 12, 0x7fffffff)),
	probeCell("four billion pictures of one size", async (path) => {
		const data = Buffer.from(TINY_VIDEO);
		const table = data.indexOf("stsz");
		data.writeUInt32BE(1, table + 8);
		data.writeUInt32BE(0xffffffff, table + 12);
		await writeFile(path, data);
	}),
	probeCell("two billion times", forged("stts", 12, 0x7fffffff)),
	probeCell("two billion runs of times", forged("stts", 8, 0x7fffffff)),
	probeCell("two billion chunks", forged("stco", 8, 0x7fffffff)),
	probeCell("two billion places of chunks", forged("stsc", 8, 0x7fffffff)),
	probeCell("two billion key pictures", forged("stss", 8, 0x7fffffff)),
	probeCell("a time scale of zero", forged("mdhd", 16, 0)),
	probeCell("a million empty boxes", async (path) => {
		await writeFile(path, Buffer.concat([FTYP, million("free")]));
	}),
	probeCell("a million tracks", async (path) => {
		await writeFile(path, Buffer.concat([FTYP, box("moov", million("trak"))]));
	}),
	probeCell("boxes in boxes, ten thousand deep", bytes(Buffer.concat([FTYP, box("moov", nested(10_000))]))),
	probeCell("an index of 1 GiB", hollowIndex(2 ** 30)),
	probeCell("an index of 4 GiB", hollowIndex(2 ** 32 - 1)),
	probeCell("a box that is its own parent's size", forged("mdia", -4, 0xffffffff)),
	probeCell("a box of no size in the index", forged("minf", -4, 0)),
];
