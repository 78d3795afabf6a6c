// A provider of your own: one function that returns the video's bytes, its URL, or an asset. With a server of yours:
// CLIPS_URL=http://127.0.0.1:8000 npx node examples/custom-provider.ts "A red kite over the sea"
import { createVideoService, defineProvider } from "reelay";

const clips = defineProvider({
	id: "clips",
	billing: "free",
	textToVideo: async ({ prompt }, { fetch, signal }) => {
		const response = await fetch(`${process.env["CLIPS_URL"]}/clip?${new URLSearchParams({ prompt })}`, { signal });
		return new Uint8Array(await response.arrayBuffer());
	},
});
const videos = createVideoService().register(clips);
console.log((await videos.textToVideo({ prompt: process.argv[2] ?? "" }, { model: "clips:any" })).path);
await videos.close();
