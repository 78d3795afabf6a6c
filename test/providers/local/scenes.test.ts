import { createCanvas } from "@napi-rs/canvas";
import { describe, expect, it } from "vitest";
import { createAnimation, type Photos } from "../../../providers/local/animation.ts";
import { createPalette, type Weather } from "../../../providers/local/art/palette.ts";
import { createRandom } from "../../../providers/local/art/random.ts";
import type { Layer, Stage } from "../../../providers/local/art/stage.ts";
import { weatherLayers } from "../../../providers/local/art/weather.ts";
import { decodePhoto } from "../../../providers/local/decode-photo.ts";
import type { Photo } from "../../../providers/local/photo.ts";
import { planRender } from "../../../providers/local/plan.ts";
import type { SubjectName } from "../../../providers/local/prompt/vocabulary.ts";
import type { RenderSpec } from "../../../providers/local/render-spec.ts";
import { SCENES } from "../../../providers/local/scenes/index.ts";
import { SUBJECTS } from "../../../providers/local/subjects/index.ts";
import { quartersPicture, withOrientation } from "./picture.ts";
import { smallRequest } from "./request.ts";

const WIDTH = 160;
const HEIGHT = 90;

function specOf(prompt: string, changes: Partial<RenderSpec> = {}): RenderSpec {
	return { ...planRender(smallRequest({ prompt, providerOptions: { caption: false } })).spec, ...changes };
}

function framesOf(spec: RenderSpec, frames: readonly number[], photos: Photos = {}): readonly Uint8Array[] {
	const draw = createAnimation(spec, WIDTH, HEIGHT, photos);
	const canvas = createCanvas(WIDTH, HEIGHT);
	const context = canvas.getContext("2d", { alpha: false });
	return frames.map((frame) => {
		draw(context, frame);
		return new Uint8Array(canvas.data());
	});
}

function frameOf(spec: RenderSpec, frame: number, photos: Photos = {}): Uint8Array {
	return framesOf(spec, [frame], photos)[0] ?? new Uint8Array();
}

/** Mean difference of the channels, 0 to 255. */
function difference(first: Uint8Array, second: Uint8Array): number {
	let sum = 0;
	for (const [index, value] of first.entries()) sum += Math.abs(value - (second[index] ?? 0));
	return sum / first.length;
}

function spread(pixels: Uint8Array): number {
	const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
	return Math.sqrt(pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length);
}

function colorAt(pixels: Uint8Array, x: number, y: number): readonly number[] {
	const index = (Math.round(y) * WIDTH + Math.round(x)) * 4;
	return [...pixels.subarray(index, index + 3)];
}

const TIMES = ["at dawn", "at noon", "at dusk", "at midnight"];

describe("every scene", () => {
	it.each(Object.keys(SCENES))("%s is a picture that moves, at any hour", (scene) => {
		const word = scene === "hills" ? "meadow" : scene;
		for (const time of TIMES) {
			const [first, last] = framesOf(specOf(`${word} ${time}`), [0, 11]);
			expect(spread(first ?? new Uint8Array())).toBeGreaterThan(10);
			expect(difference(first ?? new Uint8Array(), last ?? new Uint8Array())).toBeGreaterThan(0.05);
		}
	});

	it.each(["rain", "snow", "fog", "storm"] as const)("can have %s in front", (weather) => {
		const stage = stageIn(weather);
		expect(painted(weatherLayers(stage, SCENES.hills(stage)))).toBeGreaterThan(100);
	});

	it.each(Object.keys(SUBJECTS) as SubjectName[])("has room for a %s", (name) => {
		const stage = stageIn("clear");
		for (const place of ["hills", "sea", "space", "underwater"] as const) {
			expect(painted(SUBJECTS[name](stage, { scene: SCENES[place](stage), index: 0 }))).toBeGreaterThan(25);
		}
	});

	it("can paint a thing in the colour that the prompt gives it", () => {
		const stage = stageIn("clear");
		const scene = SCENES.hills(stage);
		for (const name of Object.keys(SUBJECTS) as SubjectName[]) {
			const plain = draw(SUBJECTS[name](stage, { scene, index: 0 }));
			const green = draw(SUBJECTS[name](stage, { scene, index: 0, color: [20, 220, 60] }));
			expect(greenness(green), name).toBeGreaterThan(greenness(plain));
		}
	});
});

function stageIn(weather: Weather): Stage {
	const random = createRandom(3);
	return {
		width: WIDTH,
		height: HEIGHT,
		unit: HEIGHT / 100,
		seconds: 1,
		palette: createPalette("day", weather, undefined, random),
		weather,
		wind: 1,
		random,
	};
}

/** The layers alone, on nothing. */
function draw(layers: readonly Layer[]): Uint8Array {
	const canvas = createCanvas(WIDTH, HEIGHT);
	const context = canvas.getContext("2d");
	for (const layer of layers) {
		context.save();
		layer.paint(context, { seconds: 0.5, share: 0.5 });
		context.restore();
	}
	return new Uint8Array(canvas.data());
}

/** How many pixels of the frame layers cover visibly. */
function painted(layers: readonly Layer[]): number {
	return draw(layers).filter((value, index) => index % 4 === 3 && value > 40).length;
}

function greenness(pixels: Uint8Array): number {
	let sum = 0;
	for (let index = 0; index < pixels.length; index += 4) {
		sum += (pixels[index + 1] ?? 0) - ((pixels[index] ?? 0) + (pixels[index + 2] ?? 0)) / 2;
	}
	return sum;
}

describe("a frame", () => {
	it("depends on its number alone, not on the frames drawn before", () => {
		for (const prompt of ["A red kite over the sea at dawn", "winter at night", "forest at dawn"]) {
			const [, , inOrder] = framesOf(specOf(prompt), [0, 3, 7]);
			expect(frameOf(specOf(prompt), 7)).toEqual(inOrder);
		}
	});

	it("is composed differently for another seed", () => {
		const first = frameOf(specOf("mountains at dawn"), 0);
		expect(difference(first, frameOf(specOf("mountains at dawn", { seed: 7 }), 0))).toBeGreaterThan(5);
	});

	it("moves smoothly: neighbours differ little", () => {
		const spec = specOf("A red kite over the sea at dawn", { fps: 24, frameCount: 48 });
		const frames = framesOf(spec, [20, 21, 22, 23, 24]);
		const steps = frames.slice(1).map((frame, index) => difference(frame, frames[index] ?? frame));
		expect(Math.max(...steps)).toBeLessThan(3);
	});

	it("shows a red kite in the README's example", () => {
		const pixels = frameOf(specOf("A red kite over the sea at dawn"), 5);
		let red = 0;
		for (let index = 0; index < pixels.length; index += 4) {
			const [r = 0, g = 0, b = 0] = pixels.subarray(index, index + 3);
			if (r > 130 && g < 90 && b < 90) red += 1;
		}
		expect(red).toBeGreaterThan(120);
	});

	it("has its caption in the lower third, after it has faded in", () => {
		const spec = specOf("A red kite over the sea at dawn", { frameCount: 24 });
		const plain = framesOf(spec, [0, 20]);
		const titled = framesOf({ ...spec, caption: "A red kite" }, [0, 20]);
		expect(titled[0]).toEqual(plain[0]);
		const upper = (WIDTH * 4 * HEIGHT) / 3;
		expect(titled[1]?.subarray(0, upper)).toEqual(plain[1]?.subarray(0, upper));
		const bright = titled[1]?.subarray(upper * 2).filter((value) => value > 235).length ?? 0;
		expect(bright).toBeGreaterThan(100);
	});
});

describe("an image", () => {
	it.each(["png", "jpeg", "webp"] as const)("is the first frame, from %s", async (type) => {
		const image = await decodePhoto(quartersPicture(320, 180, type));
		if (image === undefined) expect.fail("not decoded");
		const pixels = frameOf(specOf("zoom in"), 0, { image });
		const corners = [colorAt(pixels, 8, 8), colorAt(pixels, 152, 8), colorAt(pixels, 8, 82), colorAt(pixels, 152, 82)];
		for (const [index, expected] of [
			[208, 32, 32],
			[32, 176, 64],
			[32, 64, 208],
			[224, 208, 32],
		].entries()) {
			for (const [channel, value] of expected.entries()) {
				expect(Math.abs((corners[index]?.[channel] ?? 0) - value)).toBeLessThan(14);
			}
		}
	});

	it("moves as the prompt asks", async () => {
		const image = await decodePhoto(quartersPicture(320, 180));
		if (image === undefined) expect.fail("not decoded");
		const [start, end] = framesOf(specOf("pan right"), [0, 11], { image });
		// The border between left and right wanders to the left when the camera goes right.
		expect(borderOf(end)).toBeLessThan(borderOf(start) - 8);
		const still = framesOf(specOf("static shot"), [0, 11], { image });
		expect(still[0]).toEqual(still[1]);
	});

	it("ends on the last frame when there is one", async () => {
		const image = await decodePhoto(quartersPicture(320, 180));
		const blue = createCanvas(64, 36);
		blue.getContext("2d").fillStyle = "#1030c0";
		blue.getContext("2d").fillRect(0, 0, 64, 36);
		const lastFrame = await decodePhoto({ data: blue.encodeSync("png") });
		if (image === undefined || lastFrame === undefined) expect.fail("not decoded");
		const [start, end] = framesOf(specOf("zoom in"), [0, 11], { image, lastFrame });
		expect(colorAt(start ?? new Uint8Array(), 8, 8)[0]).toBeGreaterThan(190);
		expect(colorAt(end ?? new Uint8Array(), 80, 45)).toEqual([0x10, 0x30, 0xc0]);
	});

	const turns = ["RGBY", "GRYB", "YBGR", "BYRG", "RBGY", "BRYG", "YGBR", "GYRB"].map((quarters, index) => ({
		orientation: index + 1,
		quarters,
	}));
	it.each((["png", "jpeg", "webp"] as const).flatMap((type) => turns.map((turn) => ({ type, ...turn }))))(
		"is turned as its metadata says: $type, $orientation",
		async ({ type, orientation, quarters }) => {
			const { data } = quartersPicture(320, 180, type);
			const photo = await decodePhoto({ data: withOrientation(data, orientation), orientation });
			if (photo === undefined) expect.fail("not decoded");
			expect([photo.width, photo.height]).toEqual(orientation < 5 ? [320, 180] : [180, 320]);
			expect(quartersOf(photo)).toBe(quarters);
		},
	);

	it("is turned once, whether or not a WebP's metadata starts with a name that few decoders expect", async () => {
		const data = Buffer.from(withOrientation(quartersPicture(320, 180, "webp").data, 6));
		const named = withOrientation(quartersPicture(320, 180, "webp").data, 6, Buffer.from("Exif\0\0", "latin1"));
		for (const file of [data, named]) {
			const photo = await decodePhoto({ data: file, orientation: 6 });
			expect(photo === undefined ? undefined : quartersOf(photo)).toBe("BRYG");
		}
		expect(data).toEqual(withOrientation(quartersPicture(320, 180, "webp").data, 6));
	});

	it.each(["png", "jpeg", "webp"] as const)("is refused when the %s file is cut short", async (type) => {
		const { data } = quartersPicture(320, 180, type);
		expect(await decodePhoto({ data })).toBeDefined();
		expect(await decodePhoto({ data: data.subarray(0, data.length - 40) })).toBeUndefined();
	});
});

/** The colours of the upper and the lower half, from left to right: red, green, blue or yellow. */
function quartersOf(photo: Photo): string {
	const canvas = createCanvas(photo.width, photo.height);
	const context = canvas.getContext("2d");
	context.drawImage(photo, 0, 0);
	const [left, right] = [photo.width / 4, (photo.width * 3) / 4];
	const [top, bottom] = [photo.height / 4, (photo.height * 3) / 4];
	const places = [
		[left, top],
		[right, top],
		[left, bottom],
		[right, bottom],
	] as const;
	const names = places.map(([x, y]) => {
		const [red = 0, green = 0] = context.getImageData(x, y, 1, 1).data;
		if (red > 128) return green > 128 ? "Y" : "R";
		return green > 128 ? "G" : "B";
	});
	return names.join("");
}

function borderOf(pixels: Uint8Array | undefined): number {
	for (let x = 1; x < WIDTH; x += 1) {
		const [red = 0, green = 0] = colorAt(pixels ?? new Uint8Array(), x, 8);
		if (green > red) return x;
	}
	return WIDTH;
}
