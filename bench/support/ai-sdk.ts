import { writeFile } from "node:fs/promises";
import { createFal } from "@ai-sdk/fal";
import { createDownload, experimental_generateVideo as generateVideo } from "ai";
import { PUBLIC_ORIGIN_HEADER } from "./service-plan.ts";

const FAL = "https://queue.fal.run";

/** Where the requests go instead of fal, and how often it looks. */
export interface AiSdkSettings {
	readonly origin: string;
	/** @default 5000, which is the SDK's own */
	readonly pollMs?: number;
	readonly signal?: AbortSignal;
}

/** The Vercel AI SDK as its documentation has it, with the network led to this machine. Nothing else is changed. */
export async function generateWithAiSdk(settings: AiSdkSettings, prompt: string, output: string): Promise<void> {
	const { origin, pollMs, signal } = settings;
	const fetchHere = (input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> => {
		const url = String(input instanceof Request ? input.url : input);
		if (!url.startsWith(FAL)) throw new Error(`not for this machine: ${url}`);
		const headers = new Headers(init?.headers);
		headers.set(PUBLIC_ORIGIN_HEADER, FAL);
		return fetch(origin + url.slice(FAL.length), { ...init, headers });
	};
	const fal = createFal({ apiKey: "bench", fetch: fetchHere });
	const { video } = await generateVideo({
		// The two packages have a copy each of the types between them.
		model: fal.video("bench") as Parameters<typeof generateVideo>[0]["model"],
		prompt,
		download: createDownload({ fetch: fetchHere }),
		...(pollMs === undefined ? {} : { poll: { intervalMs: pollMs } }),
		...(signal === undefined ? {} : { abortSignal: signal }),
	});
	await writeFile(output, video.uint8Array);
}
