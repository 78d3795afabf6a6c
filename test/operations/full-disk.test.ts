import type { FileHandle } from "node:fs/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { messageHere, wasStoppedHere } from "../../src/cli/stopped-here.ts";
import type { VideoError } from "../../src/index.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { filesIn, testService } from "../support/service.ts";

const disk = vi.hoisted(() => ({ failure: undefined as string | undefined }));

// Every file that is opened for writing fails as the system would fail it.
vi.mock("node:fs/promises", async (importOriginal) => {
	const real = await importOriginal<typeof import("node:fs/promises")>();
	const open = async (...args: Parameters<typeof real.open>): Promise<FileHandle> => {
		const handle = await real.open(...args);
		const { write } = handle;
		handle.write = ((...rest: Parameters<typeof write>) => {
			const { failure: code } = disk;
			if (code === undefined) return write.apply(handle, rest);
			return Promise.reject(Object.assign(new Error(`${code}: the disk failed`), { code }));
		}) as typeof write;
		return handle;
	};
	return { ...real, default: { ...real, open }, open };
});

afterEach(() => {
	disk.failure = undefined;
});

describe("a disk that fails", () => {
	it.each([
		["ENOSPC", /^output: the disk .* is full; free some space/],
		["EDQUOT", /^output: /],
		["EROFS", /^output: .*read-only/],
	])("with %s before anything was sent costs nothing and leaves nothing", async (failure, message) => {
		const provider = new FakeProvider();
		const { videos, folder } = await testService({ providers: [provider] });
		disk.failure = failure;
		await expect(videos.textToVideo({ prompt: "Waves" }, { model: "fake:one" })).rejects.toMatchObject({
			code: "invalid_input",
			field: "output",
			billed: "no",
			message: expect.stringMatching(message),
		});
		expect(provider.posts).toBe(0);
		expect(await filesIn(folder)).toEqual([]);
	});

	it.each(["ENOSPC", "EIO", "EDQUOT"])(
		"with %s when the video arrives loses nothing: it is fetched again",
		async (failure) => {
			const provider = new FakeProvider();
			const { videos, folder } = await testService({ providers: [provider] });
			const job = await videos.submit({ prompt: "Waves" }, { model: "fake:one" });
			disk.failure = failure;
			await expect(job.wait()).rejects.toMatchObject({ code: "download_failed", billed: "yes", token: job.token });
			expect([job.state, (await filesIn(folder)).length]).toEqual(["generated", 0]);
			disk.failure = undefined;
			expect((await job.wait()).id).toBe(job.id);
			expect(provider.billed).toBe(1);
		},
	);

	it("when the video arrives of what lives in this process has no token to offer, and says to run it again", async () => {
		const traits = { billing: "free", runsIn: "process" } as const;
		const { videos } = await testService({ providers: [new FakeProvider({ traits })] });
		const job = await videos.submit({ prompt: "Waves" }, { model: "fake:one" });
		disk.failure = "ENOSPC";
		const error = await job.wait().catch((reason: unknown) => reason);
		expect(error).toMatchObject({ code: "download_failed", billed: "no" });
		expect(wasStoppedHere(error)).toBe(true);
		expect(messageHere(error as VideoError)).toMatch(/ is full; .*; run it again, it is free$/);
	});
});
