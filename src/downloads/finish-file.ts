import { basename } from "node:path";
import { type VideoContainer, verifyVideoFile } from "../media/index.ts";
import { containerOfName, renderName } from "./file-name.ts";
import type { PartialFile } from "./partial-file.ts";
import { publishFile } from "./publish-file.ts";
import type { SavedVideo, SaveRequest } from "./save-request.ts";

/** Verifies, flushes and names a file that has all its bytes. */
export async function finishFile(part: PartialFile, request: SaveRequest): Promise<SavedVideo> {
	const { plan, names, signal, billed } = request;
	await part.setMode(plan.fileMode);
	await part.flush();
	const { container } = await verifyVideoFile(part.reader, { signal });
	const { sizeBytes } = part;
	const sha256 = part.sha256();
	const name = plan.nameIsTemplate ? renderName(plan.name, names, container) : plan.name;
	const path = await publishFile({ ...plan, partPath: part.path, name, sizeBytes, sha256, billed });
	return { path, sizeBytes, sha256, container, warnings: warningsFor(path, name, container) };
}

function warningsFor(path: string, name: string, container: VideoContainer): readonly string[] {
	const warnings: string[] = [];
	const actual = basename(path);
	if (actual !== name) warnings.push(`"${name}" was taken meanwhile, so the video was saved as "${actual}"`);
	const promised = containerOfName(name);
	if (promised === undefined) {
		warnings.push(
			`"${actual}" holds ${container} video, which its name does not say; rename it to end in .${container}`,
		);
	} else if (promised !== container) {
		warnings.push(
			`"${actual}" holds ${container} video although its name says ${promised}; rename it if a player objects`,
		);
	}
	return warnings;
}
