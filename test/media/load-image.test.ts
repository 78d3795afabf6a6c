import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { appendFile, mkdtemp, open, readdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CancelledError, FileSizeError, InputError, isVideoError } from "../../src/errors/index.ts";
import { type LoadImageContext, loadImage, type MediaInput } from "../../src/media/index.ts";
import { JPEG, LOSSY_WEBP, png } from "./image-files.ts";

const PICTURE = png(7, 5);
const LIMITS = { maxBytes: 1000 };
let folder: string;
let file: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "reelay-media-"));
	file = join(folder, "picture.png");
	await writeFile(file, PICTURE);
});

afterAll(() => rm(folder, { recursive: true }));

/** The error of a refused input. */
async function refusal(input: unknown, context: LoadImageContext = {}, limits = LIMITS): Promise<InputError> {
	const error = await loadImage("image", input as MediaInput, limits, context).catch((caught: unknown) => caught);
	if (!isVideoError(error)) expect.unreachable(`not refused with an error of ours: ${String(error)}`);
	expect(error.message).toMatch(/^image[^\n]*$/);
	expect(error.billed).toBe("no");
	return error as InputError;
}

/** Does something between the look at a file's size and the reading, as another process might. */
async function afterStat(interfere: () => unknown, test: () => Promise<unknown>): Promise<void> {
	const handle = await open(file);
	const prototype = Object.getPrototypeOf(handle) as { stat(): Promise<unknown> };
	await handle.close();
	const { stat } = prototype;
	prototype.stat = async function (this: unknown) {
		const stats = await stat.call(this);
		await interfere();
		return stats;
	};
	try {
		await test();
	} finally {
		prototype.stat = stat;
	}
}

describe("an image input that is taken", () => {
	const base64 = PICTURE.toString("base64");
	it.each<[string, () => MediaInput | Promise<MediaInput>]>([
		["bytes", () => PICTURE],
		["a Blob", () => new Blob([PICTURE], { type: "image/png" })],
		["a Blob of a file", () => openAsBlob(file)],
		["an absolute path", () => file],
		["a relative path", () => relative(process.cwd(), file)],
		["a file: URL", () => pathToFileURL(file)],
		["a data: URL", () => `data:image/png;base64,${base64}`],
		["a data: URL in capitals, with a parameter", () => `DATA:IMAGE/PNG;name=a.png;BASE64,${base64}`],
		["a data: URL object", () => new URL(`data:image/png;base64,${base64}`)],
		["base64 with its type", () => ({ data: base64, mediaType: "image/png" })],
		["bytes with their type", () => ({ data: PICTURE, mediaType: "image/png" })],
		["a Blob with its type", () => ({ data: new Blob([PICTURE]), mediaType: "image/png" })],
		["bytes without a type", () => ({ data: PICTURE })],
		["a part of a larger buffer", () => Buffer.concat([JPEG, PICTURE, JPEG]).subarray(JPEG.length, -JPEG.length)],
	])("may be %s", async (_name, make) => {
		const { image, warnings } = await loadImage("image", await make(), LIMITS);
		expect(image).toMatchObject({ mediaType: "image/png", width: 7, height: 5 });
		expect(Buffer.from(image.data).equals(PICTURE)).toBe(true);
		expect(image.sha256).toBe(createHash("sha256").update(PICTURE).digest("hex"));
		expect(warnings).toEqual([]);
	});

	it("is a copy, so that a caller may reuse its buffer", async () => {
		const mine = new Uint8Array(PICTURE);
		const { image } = await loadImage("image", mine, LIMITS);
		mine.fill(0);
		expect(Buffer.from(image.data).equals(PICTURE)).toBe(true);
	});

	it("may be as large as the limit", async () => {
		await expect(loadImage("image", file, { maxBytes: PICTURE.length })).resolves.toBeDefined();
	});

	it("may be behind a link", async () => {
		const link = join(folder, "link.png");
		await symlink(file, link);
		await expect(loadImage("image", link, LIMITS)).resolves.toBeDefined();
	});

	it("is what its bytes say, with a warning when it was called something else", async () => {
		const { image, warnings } = await loadImage("lastFrame", { data: JPEG, mediaType: "image/png" }, LIMITS);
		expect(image.mediaType).toBe("image/jpeg");
		expect(warnings).toEqual([expect.stringMatching(/^lastFrame: called "image\/png".*image\/jpeg/)]);
	});

	it("may be called by an alias, or by a type that says nothing", async () => {
		for (const mediaType of ["image/jpg", "IMAGE/JPEG; q=1", "application/octet-stream", ""]) {
			expect((await loadImage("image", { data: JPEG, mediaType }, LIMITS)).warnings).toEqual([]);
		}
	});
});

describe("an https: input", () => {
	it("is fetched by the caller's function, with the limit and the signal", async () => {
		const { signal } = new AbortController();
		const calls: unknown[][] = [];
		const fetchUrl = async (...call: unknown[]) => {
			calls.push(call);
			return PICTURE;
		};
		for (const input of ["https://pictures.test/a.png", new URL("https://pictures.test/a.png")]) {
			const { image } = await loadImage("image", input, LIMITS, { signal, fetchUrl });
			expect(image.width).toBe(7);
		}
		const call = ["image", new URL("https://pictures.test/a.png"), LIMITS.maxBytes, signal];
		expect(calls).toEqual([call, call]);
	});

	it("is refused without such a function", async () => {
		expect((await refusal("https://pictures.test/a.png")).message).toContain("download the image and give the file");
	});

	it("is refused when more comes than may", async () => {
		const error = await refusal("https://pictures.test/a.png", { fetchUrl: async () => new Uint8Array(1001) });
		expect(error).toBeInstanceOf(FileSizeError);
	});

	it("is checked like any other", async () => {
		const fetchUrl = async () => Buffer.from("<!doctype html><p>404");
		expect((await refusal("https://pictures.test/a.png", { fetchUrl })).message).toContain("an HTML page");
	});
});

describe("a string or URL that is not taken", () => {
	const fetchUrl = async () => PICTURE;
	it.each<[string, MediaInput, string]>([
		["http:", "http://pictures.test/a.png", "use https:"],
		["an http: URL object", new URL("http://pictures.test/a.png"), "use https:"],
		["another scheme", "s3://bucket/a.png", "s3: URLs cannot be read"],
		["a file: URL in a string", "file:///a.png", "give the path"],
		["a file: URL of another machine", new URL("file://server/share/a.png"), "another machine"],
		["a malformed URL", "https://[", "no valid URL"],
		["a data: URL without base64", "data:image/svg+xml,<svg/>", "without base64"],
		["a data: URL without a comma", `data:image/png;base64${"A".repeat(5000)}`, "without base64"],
		["a data: URL whose base64 is no base64", "data:image/png;base64,????", "not base64"],
		["an empty path", "", "empty path"],
		["base64 where a path belongs", "iVBORw0KGgo".repeat(1000), "give base64 as { data, mediaType }"],
		["base64 as a long name", "iVBORw0KGgo".repeat(100), "give base64 as { data, mediaType }"],
		["a path with a zero byte", "a\0b.png", "cannot be read"],
	])("%s", async (_name, input, remedy) => {
		const error = await refusal(input, { fetchUrl });
		expect(error).toBeInstanceOf(InputError);
		expect(error.message).toContain(remedy);
	});
});

describe("a value that is no input", () => {
	it.each([undefined, null, 7, true, {}, [], new ArrayBuffer(8), () => PICTURE, { data: 7 }, { data: null }])(
		"is refused: %s",
		async (value) => {
			expect(await refusal(value)).toBeInstanceOf(InputError);
		},
	);

	it("is refused when its media type is no string", async () => {
		expect((await refusal({ data: PICTURE, mediaType: 7 })).field).toBe("image.mediaType");
	});
});

describe("base64", () => {
	const text = PICTURE.toString("base64");
	it.each([
		[
			"without its padding",
			Buffer.from([...PICTURE, 0])
				.toString("base64")
				.replace(/=+$/, "")
				.slice(0, -1),
		],
		["with a line break", `${text.slice(0, 4)}\n${text.slice(4)}`],
		["in the alphabet for URLs", "-_-_"],
		["with padding in the middle", `AA==${text}`],
		["with too much padding", "A==="],
		["with bits that mean nothing", "AB=="],
		["that is a data: URL", `data:image/png;base64,${text}`],
	])("%s is refused", async (_name, data) => {
		const error = await refusal({ data });
		expect(error.field).toBe("image.data");
		expect(error.message).toContain("not base64");
	});

	it("is measured before it is decoded", async () => {
		const error = await refusal({ data: "?".repeat(1336) });
		expect(error).toMatchObject({ code: "file_too_large", sizeBytes: 1002, maxBytes: 1000 });
		expect((await refusal({ data: "?".repeat(1332) })).code).toBe("invalid_input");
	});

	it("is measured without its padding", async () => {
		const padded = PICTURE.length % 3 === 0 ? Buffer.concat([PICTURE, Buffer.alloc(1)]) : PICTURE;
		const input = { data: padded.toString("base64") };
		expect(input.data.endsWith("=")).toBe(true);
		await expect(loadImage("image", input, { maxBytes: padded.length })).resolves.toBeDefined();
		await expect(loadImage("image", input, { maxBytes: padded.length - 1 })).rejects.toThrow(FileSizeError);
	});
});

describe("an input that is too large", () => {
	const limits = { maxBytes: PICTURE.length - 1 };
	it.each<[string, () => MediaInput]>([
		["bytes", () => PICTURE],
		["a Blob", () => new Blob([PICTURE])],
		["a file", () => file],
		["a data: URL", () => `data:image/png;base64,${PICTURE.toString("base64")}`],
		["bytes with their type", () => ({ data: PICTURE, mediaType: "image/png" })],
	])("%s: the error names the limit and the remedy", async (_name, make) => {
		const error = await refusal(make(), {}, limits);
		expect(error).toBeInstanceOf(FileSizeError);
		expect(error).toMatchObject({ maxBytes: limits.maxBytes, sizeBytes: PICTURE.length });
		expect(error.message).toContain(`${limits.maxBytes}`);
		expect(error.message).toContain("raise MAX_IMAGE_SIZE");
	});

	it("is not read: a Blob of a terabyte is refused at once", async () => {
		class HugeBlob extends Blob {
			override readonly size = 2 ** 40;
			override arrayBuffer(): Promise<ArrayBuffer> {
				expect.unreachable("the Blob was read");
			}
		}
		expect(await refusal(new HugeBlob([PICTURE]))).toMatchObject({ sizeBytes: 2 ** 40 });
	});

	it("is not read: a file of a terabyte is refused at once", async () => {
		const huge = join(folder, "huge.png");
		await writeFile(huge, "");
		await truncate(huge, 2 ** 40);
		expect(await refusal(huge)).toMatchObject({ sizeBytes: 2 ** 40 });
	});
});

describe("a path that is no image file", () => {
	it("is missing: the error says where relative paths start", async () => {
		const error = await refusal("no/such/picture.png");
		expect(error.message).toContain('"no/such/picture.png" does not exist');
		expect(error.message).toContain(process.cwd());
	});

	it("starts with ~/: the error says who replaces it", async () => {
		expect((await refusal("~/picture.png")).message).toContain('only a shell replaces "~"');
	});

	it("goes through a file", async () => {
		expect((await refusal(join(file, "inner.png"))).message).toContain("does not exist");
	});

	it("is a folder", async () => {
		expect((await refusal(folder)).message).toContain("is a folder");
	});

	it("is empty", async () => {
		const empty = join(folder, "empty.png");
		await writeFile(empty, "");
		expect((await refusal(empty)).message).toContain("is empty");
	});

	it("is a circle of links", async () => {
		const circle = join(folder, "circle");
		await symlink(circle, circle);
		expect((await refusal(circle)).message).toContain("circle of links");
	});

	it.skipIf(process.platform === "win32")("is a pipe that nobody writes to, and does not wait for it", async () => {
		const pipe = join(folder, "pipe");
		execFileSync("mkfifo", [pipe]);
		expect((await refusal(pipe)).message).toContain("is a pipe");
	});

	it.skipIf(process.platform === "win32")("is a device", async () => {
		expect((await refusal("/dev/zero")).message).toContain("is a device");
	});

	it.skipIf(process.platform === "win32")("is a socket", async () => {
		const path = join(folder, "socket");
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(path, resolve));
		try {
			expect((await refusal(path)).message).toContain("is a socket");
		} finally {
			server.close();
		}
	});

	it.skipIf(process.platform === "win32")("may not be read", async () => {
		const locked = join(folder, "locked.png");
		await writeFile(locked, PICTURE, { mode: 0o000 });
		const isRoot = process.geteuid?.() === 0;
		if (isRoot) process.seteuid?.(65_534);
		try {
			expect((await refusal(locked)).message).toContain("may not be read by this user");
		} finally {
			if (isRoot) process.seteuid?.(0);
		}
	});

	it("is shown on one line and not endlessly", async () => {
		const error = await refusal(`${"a".repeat(220)}\n.png`);
		expect(error.message.length).toBeLessThan(500);
	});

	it("grows while it is read", async () => {
		const growing = join(folder, "growing.png");
		await writeFile(growing, PICTURE);
		await afterStat(
			() => appendFile(growing, "more"),
			async () => expect((await refusal(growing)).message).toContain("changed while it was read"),
		);
	});
});

describe("reading an image", () => {
	it("ends when the signal is aborted, without billing anything", async () => {
		const signal = AbortSignal.abort();
		for (const input of [file, PICTURE, new Blob([PICTURE]), "https://pictures.test/a.png"]) {
			const error = await loadImage("image", input, LIMITS, { signal }).catch((caught: unknown) => caught);
			expect(error).toBeInstanceOf(CancelledError);
			expect(error).toMatchObject({ phase: "input", billed: "no" });
		}
	});

	it("ends when the signal is aborted on the way", async () => {
		const controller = new AbortController();
		await afterStat(
			() => controller.abort(),
			() => expect(loadImage("image", file, LIMITS, controller)).rejects.toThrow(CancelledError),
		);
	});

	it.skipIf(process.platform !== "linux")("leaves no file open, whatever the file was", async () => {
		const before = await readdir("/proc/self/fd");
		for (const path of [file, folder, join(folder, "huge.png"), join(folder, "pipe"), "/dev/zero"]) {
			for (let round = 0; round < 5; round += 1) await loadImage("image", path, LIMITS).catch(() => undefined);
		}
		expect((await readdir("/proc/self/fd")).length).toBeLessThanOrEqual(before.length);
	});

	it("names the field that the caller named", async () => {
		const error = await loadImage("references[1]", "none.png", LIMITS).catch((caught: unknown) => caught);
		expect(error).toMatchObject({ field: "references[1]", message: expect.stringMatching(/^references\[1\]: /) });
	});

	it("reads a large file whole", async () => {
		const large = join(folder, "large.webp");
		const data = Buffer.concat([LOSSY_WEBP, Buffer.alloc(3_000_000, "x")]);
		await writeFile(large, data);
		const { image, warnings } = await loadImage("image", large, { maxBytes: 5_000_000 });
		expect(Buffer.from(image.data).equals(LOSSY_WEBP)).toBe(true);
		expect(warnings).toEqual([expect.stringContaining("3000000 bytes behind the end")]);
	});
});
