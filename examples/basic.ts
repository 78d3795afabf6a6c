// The smallest use: a prompt in, a file out. The model comes from the environment, else from reelay itself.
import { createVideoService } from "reelay";

const videos = createVideoService();
const video = await videos.textToVideo(
	{ prompt: "A red kite over the sea at dawn", durationSeconds: 3 },
	{ output: "./", onProgress: ({ stage, progress }) => console.error(stage, progress ?? "") },
);
console.log(video.path, video.metadata, video.warnings);
await videos.close();
