import { execFileSync } from "node:child_process";
import { lstat, mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ranged, whole } from "../../support/download-answers.ts";
import { planIn, quickNetwork, save } from "../../support/download-run.ts";
import type { FaultCell } from "./report.ts";
import { type CellTools, OTHER_VIDEO, type TransferScript, transferCell, VIDEO } from "./transfer-cell.ts";

const OLD = Buffer.from("something of mine");
const NAME = "video.mp4";

/** What may stand where the video is to go, put there when the download is under way: before, `planOutput` refuses it. */
function taken(
	name: string,
	occupy: (path: string, tools: CellTools) => Promise<unknown>,
	more: Partial<TransferScript> = {},
) {
	return transferCell(`destination: ${name}`, {
		answers: (tools) => [
			async (socket, request, server) => {
				await occupy(join(tools.folder, NAME), tools);
				return whole(VIDEO)(socket, request, server);
			},
		],
		ends: "saved",
		savedAs: "video-2.mp4",
		alsoFinal: [OLD.byteLength],
		...more,
	});
}

/** Writes a file that is never seen half written. */
async function put(path: string, data: Uint8Array): Promise<void> {
	await writeFile(`${path}.new`, data);
	await rename(`${path}.new`, path);
}

async function unchanged({ folder }: CellTools, name = NAME): Promise<readonly string[]> {
	return (await readFile(join(folder, name))).equals(OLD) ? [] : [`${name} was changed`];
}

async function saveMeanwhile({ folder, startOther }: CellTools, video: Buffer, jobId: string): Promise<void> {
	const { origin } = await startOther(ranged(video));
	const network = quickNetwork();
	try {
		const names = { jobId, model: "fake:one", prompt: "", createdAtMs: 0 };
		await save(`${origin}/video.mp4`, { plan: await planIn(folder), network, names });
	} finally {
		await network.close();
	}
}

/** Names that are taken, or become so. */
export const DESTINATION_CELLS: readonly FaultCell[] = [
	transferCell("destination: a file stands there from the start", {
		answers: [whole(VIDEO)],
		prepare: ({ folder }) => put(join(folder, NAME), OLD),
		ends: "saved",
		savedAs: "video-2.mp4",
		alsoFinal: [OLD.byteLength],
		check: (tools) => unchanged(tools),
	}),
	taken("a file appears there", (path) => put(path, OLD), { check: (tools) => unchanged(tools) }),
	taken("a file appears there, and may be replaced", (path) => put(path, OLD), {
		overwrite: true,
		savedAs: NAME,
	}),
	taken("the same video appears there", (path) => put(path, VIDEO), { savedAs: NAME }),
	taken("another video of the same size appears there", (path) => put(path, OTHER_VIDEO), {
		check: async ({ folder }) =>
			(await readFile(join(folder, NAME))).equals(OTHER_VIDEO) ? [] : ["the other video was changed"],
	}),
	...[false, true].flatMap((overwrite) => [
		taken(
			`a symbolic link to a file appears there${overwrite ? ", and may be replaced" : ""}`,
			async (path, { folder }) => {
				await put(join(folder, "mine.mp4"), OLD);
				await symlink(join(folder, "mine.mp4"), path);
			},
			{ overwrite, check: (tools) => unchanged(tools, "mine.mp4") },
		),
		taken(
			`a symbolic link to nothing appears there${overwrite ? ", and may be replaced" : ""}`,
			(path, { folder }) => symlink(join(folder, "nothing.mp4"), path),
			{
				overwrite,
				check: async ({ folder }) =>
					(await lstat(join(folder, "nothing.mp4")).catch(() => undefined)) === undefined
						? []
						: ["wrote through the link"],
			},
		),
		taken(`a folder appears there${overwrite ? ", and may be replaced" : ""}`, (path) => mkdir(path), { overwrite }),
		...(process.platform === "win32"
			? []
			: [
					taken(
						`a pipe appears there${overwrite ? ", and may be replaced" : ""}`,
						async (path) => execFileSync("mkfifo", [path]),
						{ overwrite },
					),
				]),
	]),
	taken(
		"it and its next names are taken",
		async (path, { folder }) => {
			for (const name of [path, join(folder, "video-2.mp4"), join(folder, "video-3.mp4")]) await put(name, OLD);
		},
		{ savedAs: "video-4.mp4", check: (tools) => unchanged(tools, "video-3.mp4") },
	),
	taken("another job saves its video under the name", (_path, tools) => saveMeanwhile(tools, OTHER_VIDEO, "job-2"), {
		check: async ({ folder }) =>
			(await readFile(join(folder, NAME))).equals(OTHER_VIDEO) ? [] : ["the other job's video is gone"],
	}),
	taken(
		"the same job is saved by somebody else at the same time",
		(_path, tools) => saveMeanwhile(tools, VIDEO, "job-1"),
		{ savedAs: NAME },
	),
];
