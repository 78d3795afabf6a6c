import { describe, expect, it } from "vitest";
import { planRender } from "../../../providers/local/plan.ts";
import { quartersPicture } from "./picture.ts";
import { smallRequest } from "./request.ts";

const BARE = { task: "text-to-video", model: "animatic", prompt: "hills", providerOptions: {} } as const;
const FROM_PICTURE = { ...BARE, task: "image-to-video", image: quartersPicture(64, 64) } as const;

function refusal(changes: Parameters<typeof smallRequest>[0]): unknown {
	try {
		return planRender(smallRequest(changes));
	} catch (error) {
		return error;
	}
}

describe("planning a render", () => {
	it("renders 1280x720 at 24 frames per second for 5 seconds when nothing is said", () => {
		const { spec } = planRender(BARE);
		expect(spec).toMatchObject({
			frame: { kind: "exact", width: 1280, height: 720 },
			fps: 24,
			frameCount: 120,
			seed: 0,
		});
	});

	it("keeps zero as a seed and rounds the frames to the nearest whole one", () => {
		const { spec } = planRender(smallRequest({ seed: 0, fps: 7, durationSeconds: 1.36 }));
		expect(spec).toMatchObject({ seed: 0, frameCount: 10 });
	});

	it.each([
		["161x90", "resolution", "160x90"],
		["160x91", "resolution", "160x90"],
		["60x60", "resolution", "160x90"],
		["3842x2160", "resolution", "3840x2160"],
		["3000x3000", "resolution", "3840x2160"],
	])("refuses the size %s and names the field and a size that works", (resolution, field, remedy) => {
		const error = refusal({ resolution });
		expect(error).toMatchObject({ code: "invalid_input", field, billed: "no" });
		expect(String(error)).toContain(remedy);
	});

	it.each(["160x90", "3840x2160", "2160x3840", "90x160", "1080x1080"])("takes the size %s", (resolution) => {
		const [width, height] = resolution.split("x").map(Number);
		expect(planRender(smallRequest({ resolution })).spec.frame).toEqual({ kind: "exact", width, height });
	});

	it.each([
		[{ durationSeconds: 0.5 }, "durationSeconds"],
		[{ durationSeconds: 30.1 }, "durationSeconds"],
		[{ durationSeconds: Number.NaN }, "durationSeconds"],
		[{ fps: 0 }, "fps"],
		[{ fps: 61 }, "fps"],
		[{ fps: 23.976 }, "fps"],
	])("refuses %o and names the field", (changes, field) => {
		expect(refusal(changes)).toMatchObject({ code: "invalid_input", field, billed: "no" });
	});

	it("takes the shape of the image when no shape is asked for", () => {
		const image = quartersPicture(300, 200);
		expect(planRender({ ...BARE, task: "image-to-video", image }).spec.frame).toEqual({
			kind: "like-image",
			shortSide: 720,
		});
		expect(planRender({ ...BARE, task: "image-to-video", image, aspectRatio: "1:1" }).spec.frame).toMatchObject({
			width: 720,
			height: 720,
		});
	});

	it("shows the prompt as a caption unless it is replaced or turned off", () => {
		expect(planRender(BARE).spec.caption).toBe("hills");
		expect(planRender({ ...BARE, providerOptions: { caption: "Spring" } }).spec.caption).toBe("Spring");
		expect(planRender({ ...BARE, providerOptions: { caption: false } }).spec).not.toHaveProperty("caption");
		expect(planRender({ ...FROM_PICTURE }).spec).not.toHaveProperty("caption");
		expect(planRender({ ...FROM_PICTURE, providerOptions: { caption: true } }).spec.caption).toBe("hills");
		expect(planRender({ ...BARE, providerOptions: { caption: "" } }).spec).not.toHaveProperty("caption");
	});

	it("warns when the caption's font lacks characters instead of drawing boxes", () => {
		const partly = planRender({ ...BARE, prompt: "Łódź  and 雪 at dawn\u0007" });
		expect(partly.spec.caption).toBe("Łódź and at dawn");
		expect(partly.warnings).toHaveLength(1);
		const none = planRender({ ...BARE, prompt: "雪の山" });
		expect(none.spec).not.toHaveProperty("caption");
		expect(none.warnings).toHaveLength(1);
		expect(planRender(BARE).warnings).toEqual([]);
	});

	it("refuses provider options that it does not know, by their full name", () => {
		expect(refusal({ providerOptions: { colour: 1 } })).toMatchObject({ field: "providerOptions.local.colour" });
		expect(refusal({ providerOptions: { caption: 3 } })).toMatchObject({ field: "providerOptions.local.caption" });
	});
});
