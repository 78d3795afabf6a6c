// Many videos, two at a time. One that fails is no other's end: the empty prompt is refused, and the rest is made.
import { mkdir } from "node:fs/promises";
import { createVideoService } from "reelay";

const prompts = ["A red kite over the sea", "", "Rain over a city at night", "A forest in the snow"];
await mkdir("clips", { recursive: true });

const videos = createVideoService();
const result = await videos.batch(
	prompts.map((prompt, index) => ({ prompt, durationSeconds: 1, resolution: "320x180", seed: index })),
	{
		concurrency: 2,
		output: "clips/{index}-{prompt}.mp4",
		overwrite: true,
		onProgress: ({ done, total }) => console.error(`${done} of ${total}`),
	},
);
for (const { index, video } of result.successes()) console.log(index + 1, video.path);
for (const { index, error } of result.failures()) console.log(index + 1, error.code, `billed: ${error.billed}`);
console.log(`${result.successful} of ${result.total}`);
await videos.close();
