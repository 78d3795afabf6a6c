// A provider of your own: one function that returns the video's bytes, its URL, or an asset.
import { createVideoService, defineProvider } from "reelay";

const clips = defineProvider({
	id: "clips",
	billing: "free",
	textToVideo: async (request, { fetch, signal }) => {
		const query = new URLSearchParams({ prompt: request.prompt });
		const response = await fetch(`${process.env["CLIPS_URL"]}/clip?${query}`, { signal });
		return new Uint8Array(await response.arrayBuffer());
	},
});
const videos = createVideoService().register(clips);
console.log((await videos.textToVideo({ prompt: process.argv[2] ?? "" }, { model: "clips:any" })).path);
