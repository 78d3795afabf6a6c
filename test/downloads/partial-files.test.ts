import { spawnSync } from "node:child_process";
import { link, mkdir, readdir, readFile, rm, stat, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashJobId, type ResumeNote } from "../../src/downloads/resume-note.ts";
import { cutAt, cutRange, ETAG, ranged, whole } from "../support/download-answers.ts";
import { downloadFolder, networkFor, patientServerFor, serverFor } from "../support/download-folder.ts";
import { folderState, planIn, save } from "../support/download-run.ts";
import { videoOf } from "../support/download-video.ts";

const VIDEO = videoOf(300_000);
const HERE = 120_000;
const HOUR = 3_600_000;
const PART = `.reelay-${"a".repeat(24)}.part`;
const NOTE = `.reelay-${"b".repeat(24)}.json`;

/** The id of a process that has ended. */
const deadProcess = spawnSync(process.execPath, ["--version"]).pid ?? 0;

/** What a process left that was killed in the middle of a download. */
async function leave(folder: string, changes: Partial<ResumeNote> = {}, part: Uint8Array = VIDEO.subarray(0, HERE)) {
	const note: ResumeNote = {
		partName: PART,
		jobHash: hashJobId("job-1"),
		etag: ETAG,
		lengthBytes: VIDEO.byteLength,
		flushedBytes: 0,
		bootedAtMs: Math.round(Date.now() - uptime() * 1_000),
		owner: { host: hostname(), processId: deadProcess, processKey: "another" },
		...changes,
	};
	await writeFile(join(folder, PART), part, { mode: 0o600 });
	await writeFile(join(folder, NOTE), JSON.stringify(note), { mode: 0o600 });
}

/** Saves the video and tells from where it was fetched. */
async function finish(folder: string, jobId = "job-1") {
	const server = await serverFor([ranged(VIDEO)]);
	const names = { jobId, model: "fake:one", prompt: "", createdAtMs: 0 };
	const saved = await save(`${server.origin}/v.mp4`, { network: networkFor(), plan: await planIn(folder), names });
	expect((await readFile(saved.path)).equals(VIDEO)).toBe(true);
	return server.requests.map(({ headers }) => headers["range"]);
}

async function age(path: string, milliseconds: number): Promise<void> {
	const then = new Date(Date.now() - milliseconds);
	await utimes(path, then, then);
}

describe("what a killed process left", () => {
	it("is gone on with by the next one, and only what is missing is fetched", async () => {
		const folder = await downloadFolder();
		await leave(folder);
		expect(await finish(folder)).toEqual([`bytes=${HERE}-`]);
		expect((await folderState(folder)).names).toEqual(["video.mp4"]);
	});

	it("is not fetched again at all when it was complete", async () => {
		const folder = await downloadFolder();
		await leave(folder, {}, VIDEO);
		expect(await finish(folder)).toEqual([]);
		expect((await folderState(folder)).names).toEqual(["video.mp4"]);
	});

	it("is trusted up to what was flushed when the machine was started since", async () => {
		const folder = await downloadFolder();
		await leave(folder, { bootedAtMs: Date.now() - 90 * 86_400_000, flushedBytes: 50_000 });
		expect(await finish(folder)).toEqual(["bytes=50000-"]);
	});

	it("loses for good what was not flushed when the machine stopped", async () => {
		const folder = await downloadFolder();
		const torn = Buffer.concat([VIDEO.subarray(0, 50_000), Buffer.alloc(HERE - 50_000, 0xee)]);
		await leave(folder, { bootedAtMs: 0, flushedBytes: 50_000 }, torn);
		const server = await patientServerFor(folder, [cutRange(VIDEO, 60_000, "rst")]);
		const network = networkFor({ limits: { maxAttempts: 1 } });
		await expect(save(`${server.origin}/v.mp4`, { network, plan: await planIn(folder) })).rejects.toThrow();
		expect(await finish(folder)).toEqual(["bytes=60000-"]);
	});

	it("is not fetched again when only its removal was missing", async () => {
		const folder = await downloadFolder();
		await leave(folder, {}, VIDEO);
		await link(join(folder, PART), join(folder, "video.mp4"));
		expect(await finish(folder)).toEqual([]);
		expect((await folderState(folder)).names).toEqual(["video.mp4"]);
	});

	it("does not change under a name that somebody else gave it", async () => {
		const folder = await downloadFolder();
		await leave(folder);
		await link(join(folder, PART), join(folder, "mine.bin"));
		expect(await finish(folder)).toEqual([undefined]);
		expect(await readFile(join(folder, "mine.bin"))).toHaveLength(HERE);
	});

	it("is fetched anew when less is there than was flushed", async () => {
		const folder = await downloadFolder();
		await leave(folder, { bootedAtMs: 0, flushedBytes: HERE });
		await truncate(join(folder, PART), 10_000);
		expect(await finish(folder)).toEqual([undefined]);
	});

	it("is left alone when it is another job's", async () => {
		const folder = await downloadFolder();
		await leave(folder);
		expect(await finish(folder, "job-2")).toEqual([undefined]);
		expect((await folderState(folder)).resumable).toEqual([{ name: PART, sizeBytes: HERE }]);
	});

	it("is left alone while its process lives", async () => {
		const folder = await downloadFolder();
		await leave(folder, { owner: { host: hostname(), processId: process.ppid, processKey: "another" } });
		expect(await finish(folder)).toEqual([undefined]);
		expect((await folderState(folder)).resumable).toHaveLength(1);
	});

	it("is left alone while another machine may work on it, and taken over when it has rested long", async () => {
		const folder = await downloadFolder();
		await leave(folder, { owner: { host: "elsewhere", processId: 1, processKey: "another" } });
		expect(await finish(folder)).toEqual([undefined]);
		await age(join(folder, PART), 7 * HOUR);
		expect(await finish(folder)).toEqual([`bytes=${HERE}-`]);
	});

	it.each<[string, Partial<ResumeNote>, Uint8Array?]>([
		["holds more than the whole file", {}, Buffer.concat([VIDEO, Buffer.alloc(1)])],
		["says it flushed more than there is", { bootedAtMs: 0, flushedBytes: HERE + 1 }],
		["is too short to tell what it is", {}, VIDEO.subarray(0, 1_000)],
		["is empty", {}, Buffer.alloc(0)],
	])("is not built upon when it %s", async (_what, changes, part) => {
		const folder = await downloadFolder();
		await leave(folder, changes, part);
		expect(await finish(folder)).toEqual([undefined]);
		expect((await folderState(folder)).names).toEqual(["video.mp4"]);
	});

	it("with other bytes than the server's is found out at the end and fetched anew", async () => {
		const folder = await downloadFolder();
		await leave(folder, {}, Buffer.concat([VIDEO.subarray(0, 40), Buffer.alloc(HERE - 40, 0xee)]));
		expect(await finish(folder)).toEqual([`bytes=${HERE}-`, undefined]);
	});

	it.each([
		["torn", '{"partName":".reelay-aaaaaaaaaaaaaaaaaaaaaaaa.part","jobHa'],
		["empty", ""],
		["a list", "[]"],
		["of another kind", '{"partName":7,"jobHash":null}'],
		[
			"negative",
			JSON.stringify({
				partName: PART,
				jobHash: hashJobId("job-1"),
				etag: ETAG,
				lengthBytes: -1,
				flushedBytes: 0,
				bootedAtMs: 0,
			}),
		],
		["huge", `{"x":"${"x".repeat(10_000)}"}`],
	])("with a note that is %s is not touched", async (_what, text) => {
		const folder = await downloadFolder();
		await leave(folder);
		await writeFile(join(folder, NOTE), text);
		expect(await finish(folder)).toEqual([undefined]);
		expect(await readFile(join(folder, PART))).toHaveLength(HERE);
	});

	it.each(["../precious.mp4", "precious.mp4", "/etc/passwd", ".reelay-x.part"])(
		"with a note that names %s leads nowhere",
		async (partName) => {
			const folder = await downloadFolder();
			await mkdir(join(folder, "inner"));
			await writeFile(join(folder, "precious.mp4"), VIDEO.subarray(0, HERE));
			await leave(join(folder, "inner"), { partName });
			await writeFile(join(folder, "inner", "precious.mp4"), VIDEO.subarray(0, HERE));
			expect(await finish(join(folder, "inner"))).toEqual([undefined]);
			expect(await readFile(join(folder, "precious.mp4"))).toHaveLength(HERE);
			expect(await readFile(join(folder, "inner", "precious.mp4"))).toHaveLength(HERE);
		},
	);

	it("that is a link is never written through", async () => {
		const folder = await downloadFolder();
		const victim = join(folder, "victim.bin");
		await writeFile(victim, VIDEO.subarray(0, HERE));
		await mkdir(join(folder, "out"));
		await leave(join(folder, "out"));
		await rm(join(folder, "out", PART));
		await symlink(victim, join(folder, "out", PART));
		expect(await finish(join(folder, "out"))).toEqual([undefined]);
		expect(await readFile(victim)).toHaveLength(HERE);
	});
});

describe("temporary files", () => {
	it("can be read by nobody else while the video is not complete", async () => {
		const folder = await downloadFolder();
		const server = await patientServerFor(folder, [cutAt(VIDEO, HERE, "fin")]);
		const network = networkFor({ limits: { maxAttempts: 1 } });
		await expect(save(`${server.origin}/v.mp4`, { network, plan: await planIn(folder) })).rejects.toThrow();
		const names = await readdir(folder);
		expect(names).toHaveLength(2);
		for (const name of names) expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
	});

	it("hold no URL, no key and no job id", async () => {
		const folder = await downloadFolder();
		const server = await patientServerFor(folder, [cutAt(VIDEO, HERE, "fin")]);
		const network = networkFor({ limits: { maxAttempts: 1 } });
		const url = `${server.origin}/v.mp4?signature=canary-0000`;
		const asset = {
			kind: "url",
			url,
			headers: { "x-key": "canary-1111" },
			credentialOrigins: [server.origin],
		} as const;
		await expect(save(asset, { network, plan: await planIn(folder) })).rejects.toThrow();
		const note = (await readdir(folder)).find((name) => name.endsWith(".json")) ?? "";
		expect(await readFile(join(folder, note), "utf8")).not.toMatch(/canary|127\.0\.0\.1|job-1/);
	});

	it("that nobody will ever need are collected by the next download", async () => {
		const folder = await downloadFolder();
		const stale = [
			[`.reelay-${"1".repeat(24)}.part`, 7 * HOUR],
			[`.reelay-${"2".repeat(24)}.json`, 7 * HOUR],
		] as const;
		const fresh = [
			[`.reelay-${"3".repeat(24)}.part`, 5 * HOUR],
			[".reelay-short.part", 900 * HOUR],
			["reelay-holiday.part", 900 * HOUR],
			[`.reelay-${"4".repeat(24)}.mp4`, 900 * HOUR],
		] as const;
		for (const [name, milliseconds] of [...stale, ...fresh]) {
			await writeFile(join(folder, name), "x");
			await age(join(folder, name), milliseconds);
		}
		await finish(folder);
		expect((await readdir(folder)).sort()).toEqual([...fresh.map(([name]) => name), "video.mp4"].sort());
	});

	it("that can be gone on with are kept for three days", async () => {
		const folder = await downloadFolder();
		await leave(folder);
		const ageBoth = async (milliseconds: number) => {
			await age(join(folder, PART), milliseconds);
			await age(join(folder, NOTE), milliseconds);
		};
		await ageBoth(71 * HOUR);
		await finish(folder, "job-2");
		expect((await folderState(folder)).resumable).toHaveLength(1);
		await ageBoth(73 * HOUR);
		const server = await serverFor([whole(VIDEO)]);
		await save(`${server.origin}/v.mp4`, { network: networkFor(), plan: await planIn(folder, "third.mp4") });
		expect((await folderState(folder)).resumable).toHaveLength(0);
	});
});

describe("two downloads of one job at once", () => {
	it("do not share a partial file, and end with one video", async () => {
		const folder = await downloadFolder();
		await leave(folder);
		const server = await serverFor([ranged(VIDEO)]);
		const plan = await planIn(folder);
		const both = await Promise.all([1, 2].map(() => save(`${server.origin}/v.mp4`, { network: networkFor(), plan })));
		expect(both.map(({ path }) => path)).toEqual([
			join(plan.directory, "video.mp4"),
			join(plan.directory, "video.mp4"),
		]);
		expect(server.requests.map(({ headers }) => headers["range"]).sort()).toEqual([`bytes=${HERE}-`, undefined]);
		expect((await folderState(folder)).names).toEqual(["video.mp4"]);
	});
});

describe("many downloads to one name at once", () => {
	it("each get a name of their own, and none is lost", async () => {
		const folder = await downloadFolder();
		const videos = Array.from({ length: 6 }, (_, index) => videoOf(50_000 + index, index));
		const plan = await planIn(folder);
		const saved = await Promise.all(
			videos.map(async (video, index) => {
				const server = await serverFor([whole(video)]);
				const names = { jobId: `job-${index}`, model: "fake:one", prompt: "", createdAtMs: 0 };
				return save(`${server.origin}/v.mp4`, { network: networkFor(), plan, names });
			}),
		);
		for (const [index, { path }] of saved.entries()) {
			expect((await readFile(path)).equals(videos[index] ?? Buffer.alloc(0))).toBe(true);
		}
		expect(new Set(saved.map(({ path }) => path)).size).toBe(videos.length);
		const warned = saved.filter(({ warnings }) => warnings.some((text) => text.includes("was taken meanwhile")));
		expect(warned).toHaveLength(videos.length - 1);
	});
});
