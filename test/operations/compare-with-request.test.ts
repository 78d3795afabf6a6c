import { expect, it } from "vitest";
import type { VideoMetadata } from "../../src/index.ts";
import { compareWithRequest } from "../../src/operations/compare-with-request.ts";

const VIDEO: VideoMetadata = {
	container: "mp4",
	codec: "avc",
	width: 1248,
	height: 704,
	durationSeconds: 4.9,
	fps: 23.976,
	hasAudio: false,
};

it.each([
	[{ durationSeconds: 5, fps: 24, resolution: "720p", aspectRatio: "16:9", generateAudio: false }, undefined],
	[{ resolution: "1248x704" }, undefined],
	[{}, undefined],
	[{ durationSeconds: 8 }, "durationSeconds: 8 s were asked for, the video has 4.9"],
	[{ fps: 60 }, "fps: 60 frames a second were asked for, the video has 23.976"],
	[{ resolution: "1080p" }, "resolution: 1080p was asked for, the video has 1248x704"],
	[{ resolution: "1280x720" }, "resolution: 1280x720 was asked for, the video has 1248x704"],
	[{ aspectRatio: "9:16" }, "aspectRatio: 9:16 was asked for, the video has 1248x704"],
	[{ generateAudio: true }, "generateAudio: sound was asked for, the video has none"],
])("a video is held against %j", (expected, difference) => {
	expect(compareWithRequest(VIDEO, expected)).toEqual(difference === undefined ? [] : [difference]);
	expect(compareWithRequest({ container: "webm" }, expected)).toEqual([]);
});

it("sound that nobody asked for is told", () => {
	expect(compareWithRequest({ ...VIDEO, hasAudio: true }, { generateAudio: false })).toEqual([
		"generateAudio: no sound was asked for, the video has some",
	]);
});
