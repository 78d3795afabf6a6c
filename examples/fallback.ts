// A chain: the next model has its turn when the one before it provably cost nothing, and not otherwise.
import { createVideoService, defineProvider, ProviderError } from "reelay";

// Stands for a service that fails. Without `billed: "no"` the job would end here, as it may have cost money.
const broken = defineProvider({
	id: "broken",
	textToVideo: async () => {
		throw new ProviderError("all GPUs are on fire", { billed: "no" });
	},
});

const videos = createVideoService({ providers: [broken] });
const video = await videos.textToVideo(
	{ prompt: "A lighthouse in a snow storm", durationSeconds: 2, resolution: "320x180" },
	{ model: "broken:any", fallbacks: ["local:animatic"] },
);
for (const { model, errorCode = "no error", billed } of video.attempts)
	console.log(model, errorCode, "billed:", billed);
console.log(video.model, video.path);
await videos.close();
