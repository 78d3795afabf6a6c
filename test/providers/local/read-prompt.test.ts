import { describe, expect, it } from "vitest";
import { readPrompt } from "../../../providers/local/prompt/read-prompt.ts";

describe("reading a prompt", () => {
	it.each([
		["A red kite over the sea at dawn", { scene: "sea", time: "dawn", weather: "clear" }],
		["Snow-capped mountains at sunrise", { scene: "mountains", time: "dawn" }],
		["a neon city in the rain at night", { scene: "city", time: "night", weather: "rain" }],
		["Waves under a stormy sky", { scene: "sea", weather: "storm", wind: 2 }],
		["a foggy forest in the evening", { scene: "forest", time: "dusk", weather: "fog" }],
		["the dunes of the Sahara", { scene: "desert" }],
		["spaceships between galaxies", { scene: "space" }],
		["a quiet lake, mist at daybreak", { scene: "lake", time: "dawn", weather: "fog" }],
		["jellyfish drifting over a coral reef", { scene: "underwater" }],
		["friends around a campfire", { scene: "campfire" }],
		["penguins on the ice", { scene: "winter" }],
		["clouds", { scene: "sky" }],
		["Flowers in the meadows", { scene: "hills" }],
	])("%s", (prompt, expected) => {
		expect(readPrompt(prompt)).toMatchObject(expected);
	});

	it("gives a colour to the thing it describes and not to the light", () => {
		const reading = readPrompt("A red kite over the sea");
		expect(reading.subjects).toMatchObject([{ name: "kite", color: [226, 54, 47] }]);
		expect(reading).not.toHaveProperty("mood");
	});

	it("lets a colour that describes nothing tint the whole picture", () => {
		expect(readPrompt("a purple dream of hills").mood).toMatchObject({ kind: "tint" });
		expect(readPrompt("pastel hills").mood).toEqual({ kind: "pastel" });
	});

	it.each([
		["hills, zoom in", "zoom-in"],
		["the camera zooms out from the hills", "zoom-out"],
		["pan left over the hills", "pan-left"],
		["panning to the right", "pan-right"],
		["tilt up to the sky", "tilt-up"],
		["static shot of hills", "static"],
	])("moves the camera: %s", (prompt, camera) => {
		expect(readPrompt(prompt).camera).toBe(camera);
	});

	it("finds whole words only", () => {
		expect(readPrompt("a companion with a seal of approval")).not.toHaveProperty("camera");
		expect(readPrompt("the catalogue of a dogma").subjects).toEqual([]);
	});

	it("always reads a prompt without known words the same way", () => {
		expect(readPrompt("xyzzy plugh")).toEqual(readPrompt("xyzzy plugh"));
		const scenes = new Set(["abba", "beta", "gamma", "delta", "omega", "sigma"].map((word) => readPrompt(word).scene));
		expect(scenes.size).toBeGreaterThan(1);
	});
});
