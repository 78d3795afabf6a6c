// Two providers whose models and states never change, for the screens of `models` and `doctor`.
import { defineProvider, type ModelCapabilities, type VideoProvider } from "../../src/index.ts";
import { EVERYTHING } from "../support/fake-provider.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";

const MODELS: readonly ModelCapabilities[] = [
	{
		id: "studio-labs/wide-angle/v3.1/pro/text-to-video",
		tasks: ["text-to-video"],
		options: EVERYTHING,
		durationSeconds: { values: [4, 6, 8] },
		resolutions: ["480p", "720p", "1080p", "4k"],
		audio: "optional",
		priceUsdPerSecond: { "480p": 0.2205, "4k": 1.164 },
		retiresOn: "2999-10-22",
	},
	{
		id: "old",
		tasks: ["text-to-video", "image-to-video"],
		options: EVERYTHING,
		durationSeconds: { min: 1, max: 30 },
		resolutions: ["480p", "540p", "720p", "768p", "1080p", "1440p", "2160p"],
		audio: "none",
		priceUsdPerSecond: 0.05,
		retiresOn: "2020-01-31",
		replacement: "alpha:studio-labs/wide-angle/v3.1/pro/text-to-video",
	},
];

function listed(id: string, models: readonly ModelCapabilities[], check: VideoProvider["check"]): VideoProvider {
	const provider = defineProvider({ id, textToVideo: async () => TINY_VIDEO });
	return { ...provider, models: () => models, ...(check === undefined ? {} : { check }) };
}

export const providers: readonly VideoProvider[] = [
	listed("alpha", MODELS, async () => ({
		usable: false,
		detail: "ALPHA_KEY is not set; create a key at alpha.example/keys and put it where only you can read it",
	})),
	listed(
		"beta",
		[{ id: "one", description: "Short clips, free.", tasks: ["image-to-video"], options: EVERYTHING }],
		undefined,
	),
];
