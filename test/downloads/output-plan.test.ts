import { execFileSync } from "node:child_process";
import { chmod, mkdir, realpath, stat, symlink, writeFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { describe, expect, it } from "vitest";
import { planOutput } from "../../src/downloads/index.ts";
import { downloadFolder } from "../support/download-folder.ts";
import { folderState } from "../support/download-run.ts";

type OutputRequest = Parameters<typeof planOutput>[0];

const isWindows = process.platform === "win32";
const isRoot = process.getuid?.() === 0;

async function plan(output: string | undefined, more: Partial<OutputRequest> & { folder: string }) {
	const { folder, ...rest } = more;
	const request = { output, overwrite: false, defaultDirectory: folder, createDefaultDirectory: false, ...rest };
	return planOutput(request);
}

/** What the user is told about an output that cannot be used. */
async function refusal(output: string | undefined, more: Partial<OutputRequest> & { folder: string }): Promise<string> {
	const error = await plan(output, more).catch((caught: unknown) => caught);
	expect(error).toMatchObject({ code: "invalid_input", field: "output", billed: "no" });
	return (error as Error).message;
}

describe("a place for a video", () => {
	it("is a file in a folder that exists", async () => {
		const folder = await realpath(await downloadFolder());
		expect(await plan(join(folder, "kite.mp4"), { folder })).toMatchObject({
			directory: folder,
			name: "kite.mp4",
			nameIsTemplate: false,
			overwrite: false,
		});
	});

	it("is a folder, where the job's id makes the name", async () => {
		const folder = await realpath(await downloadFolder());
		const expected = { directory: folder, name: "reelay-{id}", nameIsTemplate: true };
		expect(await plan(folder, { folder })).toMatchObject(expected);
		expect(await plan(folder + sep, { folder })).toMatchObject(expected);
		expect(await plan(undefined, { folder })).toMatchObject(expected);
	});

	it("is found behind a link to a folder, and named without it", async () => {
		const folder = await realpath(await downloadFolder());
		await mkdir(join(folder, "real"));
		await symlink(join(folder, "real"), join(folder, "link"));
		expect((await plan(join(folder, "link", "kite.mp4"), { folder })).directory).toBe(join(folder, "real"));
	});

	it("creates the default folder only when told to, and no folder that the user names", async () => {
		const folder = await downloadFolder();
		const missing = join(folder, "videos", "today");
		expect(await refusal(undefined, { folder: missing })).toMatch(/does not exist; create it first/);
		expect(await refusal(join(missing, "kite.mp4"), { folder, createDefaultDirectory: true })).toMatch(
			/does not exist/,
		);
		await plan(undefined, { folder: missing, createDefaultDirectory: true });
		expect((await stat(missing)).isDirectory()).toBe(true);
	});

	it("leaves nothing behind", async () => {
		const folder = await downloadFolder();
		await plan(join(folder, "kite.mp4"), { folder });
		await plan(undefined, { folder });
		expect((await folderState(folder)).names).toEqual([]);
	});

	it.each([
		["", /path is empty/],
		["   ", /path is empty/],
		["a\0b.mp4", /NUL character/],
		["{seed}.mp4", /\{seed\} is not a placeholder/],
		["{date}/kite.mp4", /placeholders work in the file name only/],
		["missing/", /"missing\/" does not exist/],
	])("is refused as %j", async (output, message) => {
		expect(await refusal(output, { folder: await downloadFolder() })).toMatch(message);
	});

	it("is refused where something stands, each with its remedy", async () => {
		const folder = await downloadFolder();
		const at = (name: string) => join(folder, name);
		await writeFile(at("taken.mp4"), "mine");
		await mkdir(at("folder.mp4"));
		await symlink(at("taken.mp4"), at("link.mp4"));
		await symlink(at("nowhere.mp4"), at("dangling.mp4"));
		expect(await refusal(at("taken.mp4"), { folder })).toMatch(/exists already; choose another name, or set overwrite/);
		expect(await refusal(at("folder.mp4"), { folder })).toMatch(/is a folder although it is named like a video/);
		expect(await refusal(at("link.mp4"), { folder })).toMatch(
			/is a symbolic link, and reelay never writes through one/,
		);
		expect(await refusal(at("link.mp4"), { folder, overwrite: true })).toMatch(/is a symbolic link/);
		expect(await refusal(at("dangling.mp4"), { folder })).toMatch(/is a symbolic link/);
		expect(await refusal(join(at("taken.mp4"), "kite.mp4"), { folder })).toMatch(/is not a folder/);
		expect(await plan(at("taken.mp4"), { folder, overwrite: true })).toMatchObject({ overwrite: true });
		expect(await plan(at("taken.mp4"), { folder, existing: "number" })).toMatchObject({ overwrite: false });
	});

	it.skipIf(isWindows)("is refused at a pipe, and where a file may not be changed", async () => {
		const folder = await downloadFolder();
		execFileSync("mkfifo", [join(folder, "pipe.mp4")]);
		expect(await refusal(join(folder, "pipe.mp4"), { folder })).toMatch(/exists and is no ordinary file/);
		expect(await refusal(join(folder, "pipe.mp4"), { folder, overwrite: true })).toMatch(/no ordinary file/);
		await writeFile(join(folder, "fixed.mp4"), "mine");
		await chmod(join(folder, "fixed.mp4"), 0o444);
		expect(await refusal(join(folder, "fixed.mp4"), { folder, overwrite: true })).toMatch(
			/is read-only; make it writable/,
		);
	});

	it.skipIf(isWindows || isRoot)("is refused in a folder that may not be written", async () => {
		const folder = await downloadFolder();
		await mkdir(join(folder, "closed"), { mode: 0o555 });
		expect(await refusal(join(folder, "closed", "kite.mp4"), { folder })).toMatch(/has no permission to write/);
	});

	it.skipIf(process.platform !== "linux")("is refused in a folder of the system that takes no files", async () => {
		const folder = await downloadFolder();
		const message = await refusal("/proc/kite.mp4", { folder });
		expect(message).toMatch(
			/no file can be created in "\/proc"; choose another folder|no permission to write in "\/proc"/,
		);
		expect(message).not.toMatch(/not there/);
	});
});
