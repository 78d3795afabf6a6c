import { setTimeout as delay } from "node:timers/promises";
import { BufferSource, EncodedPacketSink, Input, MP4 } from "mediabunny";
import { afterAll, describe, expect, it } from "vitest";
import { createLocalProvider } from "../../../providers/local/index.ts";
import { missingPackages, missingPackagesError } from "../../../providers/local/packages.ts";
import { planRender } from "../../../providers/local/plan.ts";
import { createRenderPool } from "../../../providers/local/render-pool.ts";
import type { RenderSpec } from "../../../providers/local/render-spec.ts";
import type { JsonValue, OperationStatus, ProviderRequest } from "../../../src/provider-kit/index.ts";
import { quartersPicture, toInputImage, withOrientation } from "./picture.ts";
import { smallRequest, testContext } from "./request.ts";

const provider = createLocalProvider({ credentials: {}, variables: {} });
const pool = createRenderPool(2);
afterAll(async () => {
	await provider.close?.();
	await pool.close();
});

async function settle(look: () => Promise<OperationStatus>): Promise<OperationStatus> {
	for (;;) {
		const status = await look();
		if (status.state === "succeeded" || status.state === "failed") return status;
		await delay(10);
	}
}

function bytesOf(status: OperationStatus): Uint8Array {
	if (status.state !== "succeeded") expect.fail(JSON.stringify(status));
	const [asset] = status.assets;
	return asset.kind === "bytes" ? asset.data : expect.fail(asset.kind);
}

async function generate(changes: Partial<ProviderRequest> = {}): Promise<Uint8Array> {
	const { handle } = await provider.start(smallRequest(changes), testContext());
	return bytesOf(await settle(() => provider.status(handle, testContext())));
}

async function renderSpec(changes: Partial<RenderSpec>): Promise<Uint8Array> {
	const id = pool.start({ ...planRender(smallRequest()).spec, ...changes });
	return bytesOf(await settle(async () => pool.status(id) ?? expect.fail("forgotten")));
}

async function probe(video: Uint8Array) {
	const input = new Input({ source: new BufferSource(video), formats: [MP4] });
	const track = (await input.getPrimaryVideoTrack()) ?? expect.fail("no video track");
	const timestamps: number[] = [];
	let keyFrames = 0;
	for await (const packet of new EncodedPacketSink(track).packets()) {
		timestamps.push(packet.timestamp);
		if (packet.type === "key") keyFrames += 1;
	}
	const { colorSpace } = (await track.getDecoderConfig()) ?? {};
	return {
		codec: track.codec,
		width: track.displayWidth,
		height: track.displayHeight,
		seconds: await track.computeDuration(),
		timestamps,
		keyFrames,
		colorSpace,
	};
}

/** The names of the outermost boxes, in order. */
function boxes(video: Uint8Array): readonly string[] {
	const view = Buffer.from(video);
	const names: string[] = [];
	for (let offset = 0; offset < view.length; offset += view.readUInt32BE(offset)) {
		names.push(view.toString("latin1", offset + 4, offset + 8));
	}
	return names;
}

describe("local:animatic", () => {
	it("says that it is a renderer, free, without sound, and takes a list of ids that is complete", () => {
		expect(provider.model("animatic")?.description).toMatch(/not a model but a renderer/i);
		expect(provider.model("animatic")).toMatchObject({ audio: "none", priceUsdPerSecond: 0 });
		expect(provider.model("other")).toBeUndefined();
		expect(provider.traits).toMatchObject({ billing: "free", runsIn: "process", cancel: "remote", modelIds: "closed" });
	});

	it("renders an H.264 MP4 with its index first, in BT.709, at a constant rate, with every frame", async () => {
		const video = await generate({ resolution: "192x108", fps: 24, durationSeconds: 2.5 });
		expect(boxes(video)).toEqual(["ftyp", "moov", "mdat"]);
		const { timestamps, seconds, keyFrames, colorSpace, ...facts } = await probe(video);
		expect(facts).toEqual({ codec: "avc", width: 192, height: 108 });
		expect(timestamps).toHaveLength(60);
		for (const [index, timestamp] of timestamps.entries()) expect(timestamp).toBeCloseTo(index / 24, 6);
		expect(seconds).toBeCloseTo(2.5, 6);
		expect(keyFrames).toBe(3);
		expect(colorSpace).toMatchObject({ primaries: "bt709", transfer: "bt709", matrix: "bt709", fullRange: false });
	});

	it("has nothing in it that depends on the day", async () => {
		const video = Buffer.from(await generate());
		for (const box of ["mvhd", "tkhd", "mdhd"]) {
			// Version and flags, then the times of creation and modification.
			const times = video.subarray(video.indexOf(box) + 8, video.indexOf(box) + 16);
			expect(times, box).toEqual(Buffer.alloc(8));
		}
	});

	it("gives the same bytes for the same request and other bytes for another seed", async () => {
		const [first, again, other] = await Promise.all([generate(), generate({ seed: 0 }), generate({ seed: 1 })]);
		expect(Buffer.compare(first, again)).toBe(0);
		expect(Buffer.compare(first, other)).not.toBe(0);
	});

	it("spends more bytes on a higher quality", async () => {
		const [low, high] = await Promise.all([
			generate({ quality: "low", resolution: "640x360" }),
			generate({ quality: "high", resolution: "640x360" }),
		]);
		expect(high.length).toBeGreaterThan(low.length * 1.3);
	});

	it("falls back to WebAssembly where the native encoder has no binary, with the same guarantees", async () => {
		const [first, again] = await Promise.all([renderSpec({ encoder: "wasm" }), renderSpec({ encoder: "wasm" })]);
		expect(Buffer.compare(first, again)).toBe(0);
		expect(boxes(first)).toEqual(["ftyp", "moov", "mdat"]);
		const { timestamps, codec, width, height } = await probe(first);
		expect({ frames: timestamps.length, codec, width, height }).toEqual({
			frames: 12,
			codec: "avc",
			width: 160,
			height: 90,
		});
	});

	it.each(["jpeg", "png", "webp"] as const)("follows the shape of a %s, turned as its metadata says", async (type) => {
		const { data } = quartersPicture(240, 120, type);
		const turned = { ...toInputImage(withOrientation(data, 6), type, 120, 240), orientation: 6 };
		const { resolution: _, ...request } = smallRequest({ task: "image-to-video", image: turned, prompt: "zoom in" });
		const { handle } = await provider.start({ ...request, resolution: "144p" }, testContext());
		const { width, height } = await probe(bytesOf(await settle(() => provider.status(handle, testContext()))));
		expect([width, height]).toEqual([144, 288]);
	});

	it("fails as invalid, naming the image, when its pixels cannot be decoded", async () => {
		const { data } = quartersPicture(64, 64);
		const image = toInputImage(data.subarray(0, data.length - 30), "png", 64, 64);
		const { handle } = await provider.start(smallRequest({ task: "image-to-video", image }), testContext());
		const status = await settle(() => provider.status(handle, testContext()));
		expect(status).toMatchObject({ state: "failed", kind: "invalid", billed: "no" });
		expect(status).toHaveProperty("reason", expect.stringMatching(/^image: /));
	});

	it("starts nothing for a signal that is aborted already", async () => {
		await expect(provider.start(smallRequest(), testContext(AbortSignal.abort()))).rejects.toThrow();
	});

	it.each<JsonValue>([
		null,
		"00000000-0000-4000-8000-000000000000",
		{ render: "../../etc/passwd" },
		{ render: "00000000-0000-4000-8000-000000000000" },
		{ render: "00000000-0000-4000-8000-000000000000", more: 1 },
		{ render: 3 },
	])("does not know the operation of the handle %j", async (handle) => {
		await expect(provider.status(handle, testContext())).rejects.toMatchObject({
			code: "operation_not_found",
			billed: "no",
		});
		await expect(provider.cancel?.(handle, testContext())).rejects.toMatchObject({ code: "operation_not_found" });
		expect(() => provider.release?.(handle)).not.toThrow();
	});

	it("forgets a released operation", async () => {
		const { handle } = await provider.start(smallRequest(), testContext());
		await settle(() => provider.status(handle, testContext()));
		provider.release?.(handle);
		await expect(provider.status(handle, testContext())).rejects.toMatchObject({ code: "operation_not_found" });
	});
});

describe("what rendering needs", () => {
	it("works here, and says with which encoder", async () => {
		expect(await provider.check?.()).toEqual({
			usable: true,
			detail: expect.stringMatching(/^renders with (openh264|minih264)/),
		});
	});

	it("names the packages that are not installed and how to get them", () => {
		const without = (absent: string) => (specifier: string) => {
			if (specifier.startsWith(absent)) throw new TypeError("not found");
		};
		expect(missingPackages(() => undefined)).toEqual([]);
		expect(missingPackages(without("@napi-rs/canvas"))).toEqual(["@napi-rs/canvas"]);
		expect(missingPackages(without("node-webcodecs"))).toEqual([]);
		const error = missingPackagesError(missingPackages(without("")));
		expect(error).toMatchObject({ code: "configuration", billed: "no" });
		expect(error.message).toContain("npm install @napi-rs/canvas @fontsource/inter node-webcodecs h264-mp4-encoder");
	});
});
