import { AuthenticationError, InputError, type VideoProvider } from "../../src/index.ts";
import { EVERYTHING } from "../support/fake-provider.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";

const SOON_MS = 10;

/** Submits to a `CountingService`. Loaded by the command line through REELAY_PROVIDERS. */
export const provider: VideoProvider = {
	id: "counting",
	traits: {
		idempotency: "none",
		lookup: "none",
		cancel: "none",
		billing: "paid",
		runsIn: "service",
		modelIds: "closed",
	},
	model: (id) =>
		id === "one" ? { id, tasks: ["text-to-video"], options: EVERYTHING, typicalGenerationMs: 1 } : undefined,
	models: () => [{ id: "one", tasks: ["text-to-video"], options: EVERYTHING }],
	async start({ prompt }, { fetch, signal }) {
		const body = JSON.stringify({ prompt });
		const response = await fetch(`${process.env["COUNTING_URL"]}/jobs`, { method: "POST", body, signal });
		if (response.status === 401) throw new AuthenticationError("401: the key is wrong");
		if (response.status === 422) throw new InputError("prompt", "422: not like this");
		const { id } = (await response.json()) as { readonly id: number };
		return { handle: { id }, status: { state: "running", pollAfterMs: SOON_MS } };
	},
	async status(handle, { fetch, signal }) {
		const { id } = handle as { readonly id: number };
		const response = await fetch(`${process.env["COUNTING_URL"]}/jobs/${id}`, { signal });
		const { done, expired } = (await response.json()) as { readonly done: boolean; readonly expired: boolean };
		if (expired) return { state: "failed", kind: "expired", reason: "its day is over", billed: "yes" };
		return done
			? { state: "succeeded", assets: [{ kind: "bytes", data: TINY_VIDEO }] }
			: { state: "running", pollAfterMs: SOON_MS };
	},
};
