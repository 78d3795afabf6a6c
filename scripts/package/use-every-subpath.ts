/**
 * What the package's strangers run: something small of every subpath. `check-package.ts` puts it into projects
 * of four kinds, so it must compile under each one's settings and needs nothing but the package.
 */
import { createVideoService, defineProvider, isVideoError, MemoryLedger, type VideoResult } from "reelay";
import { createReelayContainer, LEDGER, VIDEO_SERVICE } from "reelay/container";
import { handleId, type ProviderSettings, Secret, type VideoProvider } from "reelay/provider-kit";
import { createFalProvider } from "reelay/providers/fal";
import { createGoogleProvider } from "reelay/providers/google";
import { createHuggingfaceProvider } from "reelay/providers/huggingface";
import { createLocalProvider } from "reelay/providers/local";
import { createOpenaiVideosProvider } from "reelay/providers/openai-videos";
import { createReplicateProvider } from "reelay/providers/replicate";
import { createScriptedService, type ScriptedService, TINY_VIDEO } from "reelay/testing";

const folder = process.argv[2] ?? ".";
const env = { REELAY_LEDGER: "memory", REELAY_CACHE: "0", REELAY_STATE_DIRECTORY: folder };

async function generate(): Promise<VideoResult> {
	const tiny = defineProvider({ id: "tiny", billing: "free", textToVideo: async () => TINY_VIDEO });
	const videos = createVideoService({ env, providers: [tiny] });
	try {
		return await videos.textToVideo({ prompt: "A red kite" }, { model: "tiny:any", output: `${folder}/kite.mp4` });
	} finally {
		await videos.close();
	}
}

async function refuse(): Promise<string> {
	const container = createReelayContainer({ env });
	container.register(LEDGER, { useFactory: () => new MemoryLedger() });
	try {
		await container.resolve(VIDEO_SERVICE).textToVideo({ prompt: "" });
		return "nothing was refused";
	} catch (error) {
		return isVideoError(error) ? error.code : String(error);
	} finally {
		await container.dispose();
	}
}

function makeProviders(): readonly VideoProvider[] {
	const key = new Secret("not-a-key");
	const settings: ProviderSettings = {
		baseUrl: "http://127.0.0.1:9/v1",
		credentials: { FAL_KEY: key, GEMINI_API_KEY: key, HF_TOKEN: key, REPLICATE_API_TOKEN: key },
		variables: {},
	};
	return [
		createFalProvider(settings),
		createGoogleProvider(settings),
		createHuggingfaceProvider(settings),
		createLocalProvider(settings),
		createOpenaiVideosProvider(settings),
		createReplicateProvider(settings),
	];
}

async function main(): Promise<void> {
	const { metadata, sizeBytes } = await generate();
	const service: ScriptedService = await createScriptedService();
	await service.close();
	const providers = makeProviders().map(({ id }) => handleId(id, /^[a-z-]+$/));
	console.log(`${sizeBytes} bytes of ${metadata.container}, ${await refuse()}, ${providers.join(" ")}`);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
