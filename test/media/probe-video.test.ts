import { type ChildProcess, execFileSync, spawnSync } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CancelledError, MediaError } from "../../src/errors/index.ts";
import { probeOrSniff, probeVideo, type VideoMetadata, verifyVideoFile } from "../../src/media/index.ts";
import { isAlive } from "../support/is-alive.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";
import { box, ebmlHeader, FTYP, indexOf, makeVideo, type VideoRecipe } from "./video-files.ts";

let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "reelay-media-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a file into the tests' folder and gives its path. */
async function save(name: string, data: Uint8Array): Promise<string> {
	const path = join(folder, name);
	await writeFile(path, data);
	return path;
}

/** A video with one number of a table changed; `offset` is counted from the table's name. */
async function forge(table: string, offset: number, value: number, video?: Uint8Array): Promise<string> {
	const data = Buffer.from(video ?? (await makeVideo({ container: "mp4" })));
	data.writeUInt32BE(value, data.indexOf(table) + offset);
	return save(`${table}-${offset}-${value}-${data.length}.mp4`, data);
}

/** A video that says it has two billion frames. Without composition times, counting them is work and no memory. */
const endlessVideo = () => forge("stts", 12, 0x7fffffff);

/** A video whose index has this many bytes more than it needs. */
async function withLargeIndex(sizeBytes: number): Promise<string> {
	const video = Buffer.from(TINY_VIDEO);
	const start = video.indexOf("moov") - 4;
	const end = start + video.readUInt32BE(start);
	const index = box("moov", video.subarray(start + 8, end), box("free", Buffer.alloc(sizeBytes)));
	return save(`index-${sizeBytes}.mp4`, Buffer.concat([video.subarray(0, start), video.subarray(end), index]));
}

/** Starts the process, so that a short time limit is not spent on that. */
const warmUp = async () => probeVideo(await save("warm.mp4", TINY_VIDEO));

describe("the metadata of a video", () => {
	const silent = { width: 64, height: 48, durationSeconds: 0.5, fps: 24, hasAudio: false };
	it.each<[string, VideoRecipe, VideoMetadata]>([
		["MP4", { container: "mp4" }, { container: "mp4", codec: "vp9", ...silent }],
		["QuickTime", { container: "mov" }, { container: "mov", codec: "vp9", ...silent }],
		["WebM", { container: "webm", codec: "vp8" }, { container: "webm", codec: "vp8", ...silent }],
		["Matroska", { container: "mkv", codec: "av1" }, { container: "mkv", codec: "av1", ...silent }],
		["with sound", { container: "mp4", hasAudio: true }, { container: "mp4", codec: "vp9", ...silent, hasAudio: true }],
		[
			"turned by its metadata",
			{ container: "mp4", rotation: 90 },
			{ container: "mp4", codec: "vp9", ...silent, width: 48, height: 64 },
		],
		["in fragments", { container: "mp4", index: "fragmented" }, { container: "mp4", codec: "vp9", ...silent }],
		[
			"that starts late",
			{ container: "mp4", index: "fragmented", startSeconds: 2 },
			{ container: "mp4", codec: "vp9", ...silent },
		],
		["of a live recorder", { container: "webm", isLive: true }, { container: "webm", codec: "vp9", ...silent }],
		[
			"with another length and rate",
			{ container: "webm", frames: 60, fps: 30 },
			{ container: "webm", codec: "vp9", ...silent, durationSeconds: 2, fps: 30 },
		],
	])("is read from the file: %s", async (name, recipe, expected) => {
		const path = await save(`${name}.bin`, await makeVideo(recipe));
		const { durationSeconds, fps, ...rest } = await probeVideo(path);
		const { durationSeconds: seconds, fps: rate, ...others } = expected;
		expect(rest).toEqual(others);
		// WebM keeps times in milliseconds.
		expect(durationSeconds).toBeCloseTo(seconds ?? 0, 2);
		expect(fps).toBeCloseTo(rate ?? 0, 1);
	});

	it("is read from the smallest real video", async () => {
		expect(await probeVideo(await save("tiny.mp4", TINY_VIDEO))).toEqual({
			container: "mp4",
			codec: "avc",
			width: 32,
			height: 32,
			durationSeconds: 0.5,
			fps: 10,
			hasAudio: false,
		});
	});

	it("is read for many files at once, in any order", async () => {
		const paths = await Promise.all(
			Array.from({ length: 8 }, async (_, index) =>
				save(`many-${index}.mp4`, await makeVideo({ container: "mp4", frames: index + 1, fps: 1 })),
			),
		);
		const found = await Promise.all(paths.map((path) => probeVideo(path)));
		expect(found.map(({ durationSeconds }) => durationSeconds)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
	});

	it("has no size when the file claims none", async () => {
		const data = Buffer.from(await makeVideo({ container: "mp4" }));
		data.writeUInt32BE(0, data.indexOf("vp09", data.indexOf("stsd")) + 28);
		const metadata = await probeVideo(await save("flat.mp4", data));
		expect(metadata).toMatchObject({ codec: "vp9", durationSeconds: 0.5 });
		expect(metadata).not.toHaveProperty("width");
		expect(metadata).not.toHaveProperty("height");
	});
});

describe("a video whose tables lie", () => {
	it("cannot hold the probe longer than its time", async () => {
		const path = await endlessVideo();
		await verifyVideoFile(path);
		await warmUp();
		const started = performance.now();
		await expect(probeVideo(path, { timeoutMs: 50 })).rejects.toThrow("could not be read within 50 ms");
		expect(performance.now() - started).toBeLessThan(2000);
	});

	it("cannot take more memory than its share", async () => {
		const path = await forge("stts", 12, 0x7fffffff, TINY_VIDEO);
		await expect(probeVideo(path, { maxMemoryMb: 16 })).rejects.toThrow("takes more than 16 MB of memory");
		await expect(probeVideo(await save("after.mp4", TINY_VIDEO))).resolves.toMatchObject({ codec: "avc" });
	});

	// A thread that reaches its limit with one large allocation ends all threads.
	it("cannot end the application with what it takes, however large its share", async () => {
		const path = await forge("stts", 12, 0x7fffffff, TINY_VIDEO);
		await expect(probeVideo(path)).rejects.toThrow("takes more than 256 MB of memory");
	});

	it("cannot have more of it read at once than there is memory for", async () => {
		const path = await withLargeIndex(20_000_000);
		await verifyVideoFile(path);
		await expect(probeVideo(path, { maxMemoryMb: 64 })).rejects.toThrow("takes more than 64 MB of memory");
		await expect(probeVideo(path)).resolves.toMatchObject({ codec: "avc" });
	});

	it.each([
		["stts", 8, 0x7fffffff],
		["stsz", 12, 0x7fffffff],
		["mdhd", 16, 0],
	])("is no more than a MediaError: %s", async (table, offset, value) => {
		const path = await forge(table, offset, value);
		const error = await probeVideo(path, { timeoutMs: 3000 }).catch((caught: unknown) => caught);
		expect(error).toBeInstanceOf(MediaError);
		expect(error).toMatchObject({ billed: "no", message: expect.not.stringMatching(/\n|internal error/) });
	});

	it("has no frame rate when its frames last for months", async () => {
		const metadata = await probeVideo(await forge("stts", 16, 0x7fffffff));
		expect(metadata.durationSeconds).toBeGreaterThan(1e6);
		expect(metadata).not.toHaveProperty("fps");
	});

	it("does not spoil the probe of the next one", async () => {
		const bad = await endlessVideo();
		const good = await save("next.mp4", TINY_VIDEO);
		const [first, second] = await Promise.allSettled([probeVideo(bad, { timeoutMs: 50 }), probeVideo(good)]);
		expect(first.status).toBe("rejected");
		expect(second).toMatchObject({ status: "fulfilled", value: { codec: "avc" } });
	});

	it("is kept with what its first bytes say, and a warning", async () => {
		expect(await probeOrSniff(await endlessVideo(), { timeoutMs: 50 })).toEqual({
			metadata: { container: "mp4" },
			warning: "the video could not be read within 50 ms; only its container is known",
		});
	});
});

describe("a file that can hardly be read", () => {
	it.each<[string, Uint8Array, string]>([
		["without tracks", Buffer.concat([FTYP, indexOf([])]), "mp4"],
		["cut off", TINY_VIDEO.subarray(0, 300), "mp4"],
		["of nothing but a header", ebmlHeader("webm"), "webm"],
	])("is kept with a warning: a video %s", async (name, data, container) => {
		const path = await save(`${name}.bin`, data);
		await expect(probeVideo(path)).rejects.toThrow(MediaError);
		const { metadata, warning } = await probeOrSniff(path);
		expect(metadata).toEqual({ container });
		expect(warning).toMatch(/^the video could not be read: .+; only its container is known$/);
	});

	it("says so when it has sound and no picture", async () => {
		const data = Buffer.from(await makeVideo({ container: "mp4", hasAudio: true }));
		data.write("zzzz", data.indexOf("vide"));
		await expect(probeVideo(await save("sound.mp4", data))).rejects.toThrow("no picture track");
	});

	it("is refused when it is no video at all", async () => {
		const page = await save("page.mp4", Buffer.from("<html>"));
		for (const probe of [probeVideo, probeOrSniff]) {
			await expect(probe(page)).rejects.toThrow("the file is an HTML page, not a video");
			await expect(probe(folder)).rejects.toThrow("no regular file");
			await expect(probe(join(folder, "none"))).rejects.toThrow("does not exist");
		}
	});

	it.skipIf(process.platform === "win32")("is refused when it is a pipe, without waiting for it", async () => {
		const pipe = join(folder, "pipe");
		execFileSync("mkfifo", [pipe]);
		await expect(probeOrSniff(pipe)).rejects.toThrow("no regular file");
	});
});

describe("a probe that nobody waits for", () => {
	it("is not started", async () => {
		const path = await save("unwanted.mp4", TINY_VIDEO);
		const signal = AbortSignal.abort();
		await expect(probeVideo(path, { signal })).rejects.toThrow(CancelledError);
		await expect(probeOrSniff(path, { signal })).rejects.toThrow(CancelledError);
	});

	it("ends at once, also with a file that would take long", async () => {
		const controller = new AbortController();
		const probe = probeOrSniff(await endlessVideo(), { signal: controller.signal });
		setTimeout(() => controller.abort(), 40);
		await expect(probe).rejects.toMatchObject({ code: "cancelled", phase: "media", billed: "no" });
	});

	it("leaves the line, and those behind it keep their place", async () => {
		const slow = await endlessVideo();
		const good = await save("behind.mp4", TINY_VIDEO);
		let running = 0;
		let mostRunning = 0;
		const started = Promise.withResolvers<void>();
		const onChild = (message: unknown) => {
			running += 1;
			mostRunning = Math.max(mostRunning, running);
			(message as { process: ChildProcess }).process.on("exit", () => {
				running -= 1;
			});
			started.resolve();
		};
		subscribe("child_process", onChild);
		const controller = new AbortController();
		const first = probeVideo(slow, { timeoutMs: 50 });
		await started.promise;
		const second = probeVideo(good, { signal: controller.signal });
		const third = probeVideo(good);
		setTimeout(() => controller.abort(), 20);
		const order: string[] = [];
		for (const [name, probe] of Object.entries({ first, second, third })) {
			probe.catch(() => undefined).finally(() => order.push(name));
		}
		const outcomes = await Promise.allSettled([first, second, third]);
		expect(outcomes[0]).toMatchObject({ reason: { message: expect.stringContaining("within 50 ms") } });
		expect(outcomes[1]).toMatchObject({ reason: { code: "cancelled" } });
		expect(outcomes[2]).toMatchObject({ value: { codec: "avc" } });
		unsubscribe("child_process", onChild);
		expect(order).toEqual(["second", "first", "third"]);
		expect(mostRunning).toBe(1);
	});

	it("leaves no listener on the signal", async () => {
		const controller = new AbortController();
		let listeners = 0;
		const { signal } = controller;
		const add = signal.addEventListener.bind(signal);
		const remove = signal.removeEventListener.bind(signal);
		signal.addEventListener = (...call: Parameters<typeof add>) => {
			listeners += 1;
			add(...call);
		};
		signal.removeEventListener = (...call: Parameters<typeof remove>) => {
			listeners -= 1;
			remove(...call);
		};
		await probeVideo(await save("signal.mp4", TINY_VIDEO), { signal });
		expect(listeners).toBe(0);
	});
});

describe("what probing costs", () => {
	const entry = JSON.stringify(resolve("src/media/index.ts"));
	/** Runs a program on its own, as a module. */
	const run = (program: string, ...flags: readonly string[]) =>
		execFileSync(process.execPath, [...flags, "--input-type=module", "--eval", program], {
			encoding: "utf8",
			timeout: 20_000,
		});

	it("nothing before it is used: importing the folder loads no media library", () => {
		const program = `
			import { registerHooks } from "node:module";
			const loaded = [];
			registerHooks({ resolve(name, context, next) { loaded.push(name); return next(name, context); } });
			await import(${entry});
			console.log(JSON.stringify(loaded));`;
		const loaded = JSON.parse(run(program)) as string[];
		expect(loaded.some((name) => name.endsWith("probe-child.ts"))).toBe(true);
		expect(loaded.filter((name) => name.includes("mediabunny"))).toEqual([]);
	});

	it("no open handle: a process that probed ends by itself, at once", async () => {
		const path = JSON.stringify(await save("exit.mp4", TINY_VIDEO));
		const program = `
			const { probeVideo } = await import(${entry});
			const { codec } = await probeVideo(${path});
			const done = performance.now();
			process.on("exit", () => console.log(codec, performance.now() - done < 500));`;
		expect(run(program)).toBe("avc true\n");
	});

	it("one process for many files, which ends when it is not used", async () => {
		const path = JSON.stringify(await save("process.mp4", TINY_VIDEO));
		const program = `
			import { subscribe } from "node:diagnostics_channel";
			import { once } from "node:events";
			import { mock } from "node:test";
			mock.timers.enable({ apis: ["setTimeout"] });
			const children = [];
			subscribe("child_process", (message) => children.push(message.process));
			const { probeVideo } = await import(${entry});
			for (let round = 0; round < 5; round += 1) await probeVideo(${path});
			const [child] = children;
			child.ref();
			mock.timers.tick(999);
			const isKept = !child.killed;
			const exit = once(child, "exit");
			mock.timers.tick(1);
			await exit;
			await probeVideo(${path});
			console.log(isKept, children.length);`;
		expect(run(program)).toBe("true 2\n");
	});

	it("no more memory than it is given each time", async () => {
		const path = JSON.stringify(await save("quiet.mp4", TINY_VIDEO));
		const program = `
			import { subscribe } from "node:diagnostics_channel";
			subscribe("child_process", ({ process: child }) => {
				child.once("spawn", () => console.log(child.spawnargs.find((flag) => flag.startsWith("--max"))));
			});
			const { probeVideo } = await import(${entry});
			await probeVideo(${path});
			await probeVideo(${path}, { maxMemoryMb: 64 });
			await probeVideo(${path}, { maxMemoryMb: 64 });`;
		expect(run(program)).toBe("--max-old-space-size=256\n--max-old-space-size=64\n");
	});

	it("no process that outlives its parent", async () => {
		const path = JSON.stringify(await save("orphan.mp4", TINY_VIDEO));
		const program = `
			import { subscribe } from "node:diagnostics_channel";
			const children = [];
			subscribe("child_process", (message) => children.push(message.process));
			const { probeVideo } = await import(${entry});
			await probeVideo(${path});
			console.log(children[0].pid);
			process.kill(process.pid, "SIGKILL");`;
		const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
		await expect.poll(() => isAlive(Number(stdout))).toBe(false);
	});

	it("no more than a warning, where processes are forbidden", async () => {
		const path = JSON.stringify(await save("forbidden.mp4", TINY_VIDEO));
		const program = `
			const { probeOrSniff } = await import(${entry});
			console.log(JSON.stringify(await probeOrSniff(${path})));`;
		expect(JSON.parse(run(program, "--permission", "--allow-fs-read=*"))).toEqual({
			metadata: { container: "mp4" },
			warning: "the video could not be read: no process may be started here; only its container is known",
		});
	});

	it.skipIf(process.platform !== "linux")("no file stays open, whether it was read or given up", async () => {
		const good = await save("open.mp4", TINY_VIDEO);
		const bad = await endlessVideo();
		const openFiles = async () => {
			const links = await readdir("/proc/self/fd");
			return links.length;
		};
		await probeVideo(good);
		const before = await openFiles();
		for (let round = 0; round < 3; round += 1) {
			await probeOrSniff(bad, { timeoutMs: 50 });
			for (let again = 0; again < 5; again += 1) await probeVideo(good);
		}
		expect(await openFiles()).toBeLessThanOrEqual(before);
	});
});
