import type { FileHandle } from "node:fs/promises";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { cutAt, head, ranged, whole } from "../support/download-answers.ts";
import { downloadFolder, networkFor, patientServerFor, serverFor } from "../support/download-folder.ts";
import { folderState, planIn, save } from "../support/download-run.ts";
import { videoOf } from "../support/download-video.ts";

/** Calls of the file system that fail, by name: the code, and how many calls go well before. */
const disk = vi.hoisted(() => ({
	failures: new Map<string, { readonly code: string; after: number }>(),
	room: undefined as { readonly blocks: number; readonly bavail: number } | undefined,
	calls: [] as string[],
	/** What a write waits for. */
	gate: undefined as Promise<void> | undefined,
	/** How many bytes one write takes at most. */
	writeLimit: undefined as number | undefined,
}));

vi.mock("node:fs/promises", async (importOriginal) => {
	const real = await importOriginal<typeof import("node:fs/promises")>();
	const isOurs = (path: unknown) => typeof path === "string" && path.includes("reelay-downloads-");
	function fail(name: string): void {
		disk.calls.push(name);
		const failure = disk.failures.get(name);
		if (failure === undefined || failure.after-- > 0) return;
		throw Object.assign(new Error(`${failure.code}: the disk failed`), { code: failure.code, errno: -1 });
	}
	function failing(name: "link" | "rename") {
		return async (from: string, to: string) => {
			if (isOurs(from)) fail(name);
			return real[name](from, to);
		};
	}
	const open: typeof real.open = async (path, ...rest) => {
		if (isOurs(path) && String(path).endsWith(".part")) fail("open");
		const handle = await real.open(path, ...rest);
		if (!isOurs(path)) return handle;
		const { writev } = handle;
		const gated = async (buffers: readonly Uint8Array[], position: number) => {
			await disk.gate;
			const { writeLimit } = disk;
			const taken = writeLimit === undefined ? buffers : buffers.slice(0, 1).map((one) => one.subarray(0, writeLimit));
			return writev.call(handle, taken, position);
		};
		handle.writev = gated as typeof writev;
		for (const name of ["write", "writev", "sync", "datasync", "chmod", "truncate"] as const) {
			const call = handle[name] as (...values: unknown[]) => Promise<unknown>;
			const wrapped = async (...values: unknown[]) => {
				fail(String(path).endsWith(".part") ? name : `${name} of the folder`);
				return call.apply(handle, values);
			};
			Object.assign(handle, { [name]: wrapped as FileHandle[typeof name] });
		}
		return handle;
	};
	const statfs = async (path: string) => ({
		...(await real.statfs(path)),
		...(disk.room === undefined ? {} : { bsize: 1, ...disk.room }),
	});
	const changed = { ...real, open, statfs, link: failing("link"), rename: failing("rename") };
	return { ...changed, default: changed };
});

afterEach(() => {
	disk.failures.clear();
	disk.room = undefined;
	disk.gate = undefined;
	disk.writeLimit = undefined;
	disk.calls.length = 0;
});

const VIDEO = videoOf(1_500_000);

function failAt(call: string, code: string, after = 0): void {
	disk.failures.set(call, { code, after });
}

/** Saves with a failing disk, then again with a good one. */
async function saveTwice(begin: () => void) {
	const folder = await downloadFolder();
	const server = await serverFor([ranged(VIDEO)]);
	const plan = await planIn(folder);
	const network = networkFor();
	begin();
	const first = await save(`${server.origin}/v.mp4`, { network, plan }).catch((error: unknown) => error);
	const between = await folderState(folder);
	disk.failures.clear();
	disk.room = undefined;
	const { path } = await save(`${server.origin}/v.mp4`, { network, plan });
	expect((await readFile(path)).equals(VIDEO)).toBe(true);
	expect((await folderState(folder)).names).toEqual(["video.mp4"]);
	return { first: first as Error, between, server };
}

const CODES: readonly (readonly [code: string, message: RegExp])[] = [
	["ENOSPC", /the disk that holds .* is full; free some space/],
	["EDQUOT", /your disk quota in .* is used up/],
	["EIO", /reports an input\/output error/],
	["EFBIG", /takes no file this large/],
	["EROFS", /is on a read-only file system/],
	["EACCES", /has no permission to write/],
	["EMFILE", /too many files open; raise its limit/],
	["ESTALE", /the disk failed with ESTALE/],
];

describe("a disk that fails", () => {
	it.each(
		["open", "writev", "sync", "link"].flatMap((call) =>
			CODES.map(([code, message]) => [call, code, message] as const),
		),
	)("at %s with %s says so, names nothing wrongly, and the next try succeeds", async (call, code, message) => {
		const { first, between } = await saveTwice(() => failAt(call, code));
		expect(first).toMatchObject({ code: "download_failed", billed: "yes", retryable: true });
		expect(first.message).toMatch(message);
		expect(first.message).toMatch(/could not be saved.*getting it again costs nothing$/);
		expect(between.names.filter((name) => !name.startsWith(".reelay-"))).toEqual([]);
		expect(between.leftovers).toEqual([]);
	});

	it("at the second write keeps nothing that it cannot vouch for", async () => {
		const { first, between, server } = await saveTwice(() => failAt("writev", "ENOSPC", 1));
		expect(first).toMatchObject({ code: "download_failed" });
		expect(between.names).toEqual([]);
		expect(server.requests.at(-1)?.headers["range"]).toBeUndefined();
	});

	it("at the flush of what has arrived keeps nothing that may not be there after a power failure", async () => {
		const folder = await downloadFolder();
		const server = await patientServerFor(folder, [cutAt(VIDEO, 1_000_000, "rst")]);
		const plan = await planIn(folder);
		failAt("sync", "EIO");
		const network = networkFor({ limits: { maxAttempts: 1 } });
		await expect(save(`${server.origin}/v.mp4`, { network, plan })).rejects.toMatchObject({ code: "download_failed" });
		expect((await folderState(folder)).names).toEqual([]);
	});

	it("when the whole video was flushed loses none of it", async () => {
		const { first, between, server } = await saveTwice(() => failAt("link", "EIO"));
		expect(first).toMatchObject({ code: "download_failed" });
		expect(between.resumable).toEqual([{ name: expect.any(String), sizeBytes: VIDEO.byteLength }]);
		expect(server.requests).toHaveLength(1);
	});

	it("at the flush of the folder does not pretend that the name is safe", async () => {
		const { first } = await saveTwice(() => failAt("sync of the folder", "EIO"));
		expect(first).toMatchObject({ code: "download_failed" });
	});
});

describe("a disk that takes a write in pieces", () => {
	it("gets every piece to its place", async () => {
		const folder = await downloadFolder();
		const server = await serverFor([whole(VIDEO)]);
		disk.writeLimit = 10_007;
		const { path } = await save(`${server.origin}/v.mp4`, { network: networkFor(), plan: await planIn(folder) });
		expect((await readFile(path)).equals(VIDEO)).toBe(true);
	});
});

describe("a disk that is slower than the network", () => {
	it("slows the network down instead of filling the memory", async () => {
		const open = Promise.withResolvers<void>();
		disk.gate = open.promise;
		let sentBytes = 0;
		const server = await serverFor([
			async (socket) => {
				socket.write(head(200, { Connection: "close" }));
				socket.write(VIDEO);
				const more = Buffer.alloc(65_536);
				while (!socket.destroyed) {
					await new Promise<void>((done) => socket.write(more, () => done()));
					sentBytes += more.byteLength;
				}
			},
		]);
		const stop = new AbortController();
		const before = process.memoryUsage().arrayBuffers;
		const plan = await planIn(await downloadFolder());
		const saving = save(`${server.origin}/v.mp4`, { network: networkFor(), plan, signal: stop.signal });
		const ended = saving.catch((error: unknown) => error);
		for (let seen = -1; seen !== sentBytes || sentBytes === 0; ) {
			seen = sentBytes;
			await new Promise((done) => setTimeout(done, 40));
		}
		// What is not in the sockets' buffers of the system is here.
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1_048_576);
		stop.abort();
		open.resolve();
		expect(await ended).toMatchObject({ code: "cancelled" });
	});
});

describe("a disk without room", () => {
	it("is found out before the video is fetched", async () => {
		const folder = await downloadFolder();
		const server = await serverFor([
			(socket) =>
				void socket.write(Buffer.concat([Buffer.from(head(200, { "Content-Length": VIDEO.byteLength })), VIDEO])),
		]);
		const plan = await planIn(folder);
		disk.room = { blocks: 1, bavail: VIDEO.byteLength - 1 };
		await expect(save(`${server.origin}/v.mp4`, { network: networkFor(), plan })).rejects.toMatchObject({
			code: "download_failed",
			billed: "yes",
			retryable: true,
			message: expect.stringMatching(/is full: the video needs 1\.4 MiB, and 1\.4 MiB are left/),
		});
		expect(disk.calls).not.toContain("writev");
		expect((await folderState(folder)).names).toEqual([]);
	});

	it("needs room for what is missing only", async () => {
		const folder = await downloadFolder();
		const server = await patientServerFor(folder, [cutAt(VIDEO, 1_000_000, "rst"), ranged(VIDEO)]);
		const plan = await planIn(folder);
		const network = networkFor({ limits: { maxAttempts: 1 } });
		await expect(save(`${server.origin}/v.mp4`, { network, plan })).rejects.toThrow();
		disk.room = { blocks: 1, bavail: 500_000 };
		expect(await save(`${server.origin}/v.mp4`, { network, plan })).toMatchObject({ sizeBytes: VIDEO.byteLength });
	});

	it("that knows no sizes is written to", async () => {
		const folder = await downloadFolder();
		const server = await serverFor([whole(VIDEO)]);
		const plan = await planIn(folder);
		disk.room = { blocks: 0, bavail: 0 };
		expect(await save(`${server.origin}/v.mp4`, { network: networkFor(), plan })).toMatchObject({
			path: join(plan.directory, "video.mp4"),
		});
	});
});

describe("a file system without hard links", () => {
	it.each(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EMLINK", "EINVAL"])(
		"(%s) gets the video under its name, and nothing is replaced",
		async (code) => {
			const folder = await downloadFolder();
			const server = await serverFor([whole(VIDEO)]);
			const plan = await planIn(folder);
			failAt("link", code);
			const network = networkFor();
			expect((await save(`${server.origin}/v.mp4`, { network, plan })).path).toBe(join(plan.directory, "video.mp4"));
			await writeFile(join(folder, "video.mp4"), "mine");
			const second = await save(`${server.origin}/v.mp4`, { network, plan });
			expect(second.path).toBe(join(plan.directory, "video-2.mp4"));
			expect(await readFile(join(folder, "video.mp4"), "utf8")).toBe("mine");
			expect((await folderState(folder)).names).toEqual(["video-2.mp4", "video.mp4"]);
		},
	);

	it("does not keep a name for a video that could not get it", async () => {
		const { first, between } = await saveTwice(() => {
			failAt("link", "EPERM");
			failAt("rename", "EIO", 0);
		});
		expect(first).toMatchObject({ code: "download_failed" });
		expect(between.names.filter((name) => !name.startsWith(".reelay-"))).toEqual([]);
	});
});

describe("a file system without permissions of its own", () => {
	it("gets the video all the same", async () => {
		const folder = await downloadFolder();
		const server = await serverFor([whole(VIDEO)]);
		const plan = await planIn(folder);
		failAt("chmod", "EPERM");
		expect((await save(`${server.origin}/v.mp4`, { network: networkFor(), plan })).sizeBytes).toBe(VIDEO.byteLength);
	});
});
