import { createVideoService, type PolicyOptions } from "reelay";
import { generateWithAiSdk } from "./ai-sdk.ts";
import { generateByHand } from "./hand-loop.ts";

/** What is compared. */
export const CLIENTS = ["hand-written loop", "reelay", "Vercel AI SDK"] as const;
export type ClientName = (typeof CLIENTS)[number];

/** How a client is set up. */
export interface ClientSettings {
	/** Of the service. */
	readonly origin: string;
	/** For ledger and cache. */
	readonly folder: string;
	/** The time between two looks. @default each client's own, 5 seconds for the hand-written loop */
	readonly pollMs?: number;
	/** reelay's other settings. */
	readonly policies?: PolicyOptions;
	/** The largest video. @default reelay's own */
	readonly maxVideoBytes?: number;
	readonly signal?: AbortSignal;
}

/** One of the three, ready to generate. */
export interface Client extends AsyncDisposable {
	/** Submits, waits, downloads: resolves when the video is in the file. */
	generate(prompt: string, output: string): Promise<unknown>;
	/** The same for each of the prompts, into a folder, so many at a time. */
	generateAll(prompts: readonly string[], folder: string, concurrency: number): Promise<void>;
}

const MODEL = "fal:fal-ai/bench";
const HAND_POLL_MS = 5_000;

/** Makes a client. */
export function createClient(name: ClientName, settings: ClientSettings): Client {
	const { origin, pollMs, signal } = settings;
	const common = { origin, ...(signal === undefined ? {} : { signal }) };
	if (name === "hand-written loop") {
		const bare = { ...common, pollMs: pollMs ?? HAND_POLL_MS };
		return functionClient((prompt, output) => generateByHand(bare, prompt, output));
	}
	if (name === "Vercel AI SDK") {
		const peer = { ...common, ...(pollMs === undefined ? {} : { pollMs }) };
		return functionClient((prompt, output) => generateWithAiSdk(peer, prompt, output));
	}
	const { folder, maxVideoBytes, policies } = settings;
	const pace = pollMs === undefined ? {} : { pollMs, minPollMs: pollMs, maxPollMs: pollMs, maxBackoffMs: pollMs };
	const videos = createVideoService({
		env: {
			FAL_KEY: "bench",
			FAL_BASE_URL: origin,
			REELAY_STATE_DIRECTORY: folder,
			REELAY_CACHE_DIRECTORY: folder,
		},
		policies: { ...pace, ...policies },
		limits: maxVideoBytes === undefined ? {} : { maxVideoBytes },
	});
	return {
		generate: (prompt, output) =>
			videos.textToVideo(
				{ prompt },
				{ model: MODEL, output, overwrite: true, ...(signal === undefined ? {} : { signal }) },
			),
		async generateAll(prompts, output, concurrency) {
			const requests = prompts.map((prompt) => ({ prompt }));
			const { failed, results } = await videos.batch(requests, { model: MODEL, concurrency, output });
			if (failed > 0) throw results.find(({ status }) => status === "rejected");
		},
		[Symbol.asyncDispose]: () => videos.close(),
	};
}

/** Neither has a batch of its own: as many runners as may be under way take the next prompt each. */
function functionClient(generate: Client["generate"]): Client {
	return {
		generate,
		async generateAll(prompts, folder, concurrency) {
			const left = [...prompts.entries()];
			const runner = async () => {
				for (let next = left.shift(); next !== undefined; next = left.shift()) {
					await generate(next[1], `${folder}/${next[0]}.mp4`);
				}
			};
			await Promise.all(Array.from({ length: concurrency }, runner));
		},
		async [Symbol.asyncDispose]() {},
	};
}
