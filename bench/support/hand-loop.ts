import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";

/** Where the loop sends its requests, and how often it looks. */
export interface HandLoopSettings {
	readonly origin: string;
	readonly pollMs: number;
	readonly signal?: AbortSignal;
}

interface Submitted {
	readonly status_url: string;
	readonly response_url: string;
}

/**
 * The bare minimum, as one writes it in five minutes: submit, look at fixed intervals, download. It checks
 * nothing, records nothing and repeats nothing.
 */
export async function generateByHand(settings: HandLoopSettings, prompt: string, output: string): Promise<void> {
	const { origin, pollMs, signal } = settings;
	const headers = { authorization: "Key bench", "content-type": "application/json" };
	const abort = signal === undefined ? {} : { signal };
	const body = JSON.stringify({ prompt });
	const submitted = await fetch(`${origin}/fal-ai/bench`, { method: "POST", headers, body, ...abort });
	if (!submitted.ok) throw new Error(`submission: status ${submitted.status}`);
	const { status_url: statusUrl, response_url: resultUrl } = (await submitted.json()) as Submitted;
	for (;;) {
		await delay(pollMs, undefined, abort);
		const look = (await (await fetch(statusUrl, { headers, ...abort })).json()) as { status: string };
		if (look.status === "COMPLETED") break;
	}
	const result = (await (await fetch(resultUrl, { headers, ...abort })).json()) as { video: { url: string } };
	const download = await fetch(result.video.url, abort);
	if (download.body === null) throw new Error("the video is not there");
	await pipeline(download.body, createWriteStream(output));
}
