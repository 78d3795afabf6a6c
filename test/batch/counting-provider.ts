import {
	AuthenticationError,
	ContentRefusedError,
	InputError,
	ProviderError,
	type VideoProvider,
} from "../../src/index.ts";
import { EVERYTHING } from "../support/fake-provider.ts";
import { TINY_VIDEO } from "../support/tiny-video.ts";
import type { CountingService } from "./counting-service.ts";

const SOON_MS = 10;

interface Look {
	readonly done: boolean;
	readonly expired: boolean;
	readonly failure?: ReturnType<CountingService["failureOf"]>;
}

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
		if (response.status === 451) throw new ContentRefusedError("451: no birds, please");
		if (response.status === 500) throw new ProviderError("500: it broke before anything began", { billed: "no" });
		const { id } = (await response.json()) as { readonly id: number };
		return { handle: { id }, status: { state: "running", pollAfterMs: SOON_MS } };
	},
	async status(handle, { fetch, signal }) {
		const { id } = handle as { readonly id: number };
		const response = await fetch(`${process.env["COUNTING_URL"]}/jobs/${id}`, { signal });
		const { done, expired, failure } = (await response.json()) as Look;
		if (failure !== undefined) return { state: "failed", kind: failure, reason: `it was ${failure}`, billed: "no" };
		if (expired) return { state: "failed", kind: "expired", reason: "its day is over", billed: "yes" };
		return done
			? { state: "succeeded", assets: [{ kind: "bytes", data: TINY_VIDEO }] }
			: { state: "running", pollAfterMs: SOON_MS };
	},
};
