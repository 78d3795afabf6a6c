import { stat } from "node:fs/promises";
import { InputError } from "../errors/index.ts";
import { fileKind, fileProblem, probeVideo, verifyVideoFile } from "../media/index.ts";
import { EXIT } from "./exit-code.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** Says what a video file is, read from the file, and whether it is whole. */
export async function probe(file: string, terminal: Terminal): Promise<number> {
	const found = await stat(file).catch((cause: unknown) => {
		throw new InputError("file", fileProblem(cause, file, "a video"), { cause });
	});
	if (!found.isFile()) throw new InputError("file", `"${file}" is ${fileKind(found)}; give the path of a video`);
	await verifyVideoFile(file);
	const metadata = await probeVideo(file);
	if (terminal.json) {
		terminal.result(JSON.stringify({ path: file, sizeBytes: found.size, ...metadata }));
		return EXIT.done;
	}
	const { container, codec, width, height, durationSeconds, fps, hasAudio } = metadata;
	terminal.result(
		table([
			["container", container],
			["codec", codec ?? "unknown"],
			["size", width === undefined ? "unknown" : `${width}x${height}`],
			["duration", durationSeconds === undefined ? "unknown" : `${durationSeconds} s`],
			["rate", fps === undefined ? "unknown" : `${fps} fps`],
			["audio", hasAudio === undefined ? "unknown" : hasAudio ? "yes" : "no"],
			["bytes", String(found.size)],
		]),
	);
	return EXIT.done;
}
