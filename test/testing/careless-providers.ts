import type { Fetch, JsonValue, VideoProvider } from "../../src/provider/index.ts";
import { isVideoError, ProviderError } from "../../src/provider-kit/index.ts";
import { asking, gullible, idIn, type Mistake, mistake, sending } from "./mistake.ts";
import { UNTRUE } from "./untrue-providers.ts";

/** Mistakes with the submission. */
const SUBMISSION: readonly Mistake[] = [
	mistake("sends a submission again when its answer is lost", /was reset after-commit/, (provider) =>
		sending(provider, (fetch) => async (url, init) => fetch(url, init).catch(() => fetch(url, init))),
	),
	mistake("sends a submission again when it is told 503", /with status 503 before-commit/, (provider) =>
		sending(provider, (fetch) => async (url, init) => {
			const response = await fetch(url, init);
			return response.status === 503 ? fetch(url, init) : response;
		}),
	),
	mistake("sends a submission again behind the back of start", /throws at a look that was reset/, (provider) => ({
		start: async (request, context) => {
			const result = await provider.start(request, context);
			provider.start(request, context).catch(() => undefined);
			return result;
		},
	})),
	mistake("takes a lost answer for a refusal", /(was reset|connection ended|hangs) before-body/, (provider) => ({
		start: async (request, context) =>
			provider.start(request, context).catch((error: unknown) => {
				throw isVideoError(error) && error.billed === "no" ? error : new ProviderError("not reached", { cause: error });
			}),
	})),
	mistake("takes every error status for a refusal", /with status (409|500|502) after-commit/, (_provider, target) => ({
		start: async (request, context) => {
			const { fetch } = context;
			const spy: Fetch = async (url, init) => {
				const response = await fetch(url, init);
				if (response.status >= 400) throw new ProviderError(`status ${response.status}`, { status: response.status });
				return response;
			};
			return gullible(target, idIn)(request, { ...context, fetch: spy });
		},
	})),
	mistake("takes a refusal for an unknown outcome", /rejected with status 400/, (provider) => ({
		start: async (request, context) =>
			provider.start(request, context).catch((cause: unknown) => {
				throw new ProviderError("failed", { billed: "unknown", cause });
			}),
	})),
	mistake("takes any id", /id is "\.\.\/\.\.\/admin"|id is a number|answer is \{\}/, (_provider, target) => ({
		start: gullible(target, idIn),
	})),
	mistake("takes half of an answer", /half of its JSON/, (_provider, target) => ({
		start: gullible(target, (text) => /job_[0-9]{8}/.exec(text)?.[0] ?? "job_00000000"),
	})),
	mistake("reads an answer of any size", /larger than it may be/, (_provider, target) => ({
		start: gullible(target, idIn),
	})),
	mistake("takes the last of two ids", /every name twice/, (_provider, target) => ({ start: gullible(target, idIn) })),
	mistake("does not read how long to wait", /reads the wait in "1"/, (_provider, target) => ({
		start: gullible(target, idIn),
	})),
	{
		...mistake("waits for ever, whatever its signal says", /hangs before-commit/, (provider) => ({
			start: (request, context) => provider.start(request, { ...context, signal: new AbortController().signal }),
		})),
		timeoutMs: 50,
	},
	mistake("puts the key into the URL", /that nothing is wrong with/, (provider, { apiKey }) =>
		sending(provider, (fetch) => (url, init) => fetch(`${String(url)}?key=${apiKey}`, init)),
	),
	mistake("puts the key into the handle", /that nothing is wrong with/, (provider, { apiKey }) => ({
		start: async (request, context) => ({ handle: { id: (await provider.start(request, context)).handle, apiKey } }),
	})),
	mistake("has a fetch of its own", /but through the fetch that it is given/, (provider) =>
		sending(provider, () => globalThis.fetch),
	),
	mistake("follows redirects", /does not follow a 307 to another origin with a (submit|look)/, (provider) =>
		sending(provider, (fetch) => (url, init) => fetch(url, { ...init, redirect: "follow" })),
	),
	mistake("shows the request in its errors", /hides the key when the network's error/, (provider) => ({
		start: async (request, context) =>
			provider.start(request, {
				...context,
				fetch: async (url, init) =>
					context.fetch(url, init).catch((error: unknown) => {
						throw Object.assign(new ProviderError("failed", { billed: "unknown" }), { request: error });
					}),
			}),
	})),
];

/** Mistakes with options: each loses something without a word. */
const OPTION: readonly Mistake[] = [
	mistake("loses what is falsy", /heeds (seed|negativePrompt|guidanceScale|generateAudio) alone/, (provider) =>
		asking(provider, (request) => Object.fromEntries(Object.entries(request).filter(([, value]) => Boolean(value)))),
	),
	mistake("loses the last frame", /heeds lastFrame alone/, (provider) =>
		asking(provider, ({ lastFrame: _lost, ...request }) => request),
	),
	mistake("always sends the same seed", /heeds seed alone/, (provider) =>
		asking(provider, (request) => (request.seed === undefined ? request : { ...request, seed: 1 })),
	),
	mistake("loses providerOptions", /sends providerOptions/, (provider) =>
		asking(provider, (request) => ({ ...request, providerOptions: {} })),
	),
	mistake("trims the prompt", /sends the prompt as it is/, (provider) =>
		asking(provider, (request) => ({ ...request, prompt: request.prompt.replace(/[^ -~]/g, "") })),
	),
	mistake("sends something of its own each time", /sends the same for the same request/, (provider) =>
		asking(provider, (request) => ({ ...request, providerOptions: { at: performance.now() } })),
	),
];

/** Mistakes with what comes after the submission. */
const LOOK: readonly Mistake[] = [
	mistake("takes trouble on the way for the end of a job", /throws at a look that was reset/, (provider) => ({
		status: (handle, context) =>
			provider
				.status(handle, context)
				.catch((error: unknown) => ({ state: "failed", kind: "internal", reason: String(error), billed: "unknown" })),
	})),
	mistake("looks again by itself", /throws at a look with status 503, once/, (provider) => ({
		status: (handle, context) => provider.status(handle, context).catch(() => provider.status(handle, context)),
	})),
	mistake("takes an unknown state for a failure", /takes a state that it does not know for no end/, (provider) => ({
		status: async (handle, context) => {
			const spied: string[] = [];
			const spy: Fetch = async (url, init) => {
				const response = await context.fetch(url, init);
				spied.push(await response.clone().text());
				return response;
			};
			const status = await provider.status(handle, { ...context, fetch: spy });
			const isKnown = /"state":"(queued|running|succeeded|failed|cancelled)"/.test(spied.join());
			return isKnown ? status : { state: "failed", kind: "internal", reason: "unknown state", billed: "no" };
		},
	})),
	mistake("guesses that a failure is not billed", /reports the failure "internal" that is billed/, (provider) => ({
		status: async (handle, context) => {
			const status = await provider.status(handle, context);
			return status.state === "failed" ? { ...status, billed: "no" } : status;
		},
	})),
	mistake("finds every failure internal", /reports the failure "refused"/, (provider) => ({
		status: async (handle, context) => {
			const status = await provider.status(handle, context);
			return status.state === "failed" ? { ...status, kind: "internal" } : status;
		},
	})),
	mistake("reports percents", /reports a share done/, (provider) => ({
		status: async (handle, context) => {
			const status = await provider.status(handle, context);
			return status.state === "running" ? { ...status, progress: 25 } : status;
		},
	})),
	mistake("remembers the first address of a video", /again when its address has expired/, (provider) => {
		let first: Awaited<ReturnType<VideoProvider["status"]>> | undefined;
		return {
			status: async (handle, context) => {
				const status = await provider.status(handle, context);
				if (status.state === "succeeded") first ??= status;
				return first ?? status;
			},
		};
	}),
	mistake(
		"sends the key wherever the video is",
		/keeps the key from a result at another origin/,
		(provider, target) => ({
			status: async (handle, context) => {
				const status = await provider.status(handle, context);
				const [asset] = status.state === "succeeded" ? status.assets : [];
				if (status.state !== "succeeded" || asset?.kind !== "url") return status;
				const credentialOrigins = [new URL(asset.url).origin];
				return { ...status, assets: [{ ...asset, headers: { authorization: target.apiKey }, credentialOrigins }] };
			},
		}),
	),
	mistake("keeps its jobs in memory", /resumes in a fresh instance/, (provider) => {
		const mine = new Set<JsonValue>();
		return {
			start: async (request, context) => {
				const result = await provider.start(request, context);
				mine.add(result.handle);
				return result;
			},
			status: (handle, context) =>
				mine.has(handle) ? provider.status(handle, context) : Promise.reject(new ProviderError("not mine")),
		};
	}),
	mistake(
		"asks the address in the handle",
		/asks only the service|own handle with any text/,
		(provider, { baseUrl, apiKey }) => ({
			start: async (request, context) => ({
				handle: `${baseUrl}/jobs/${(await provider.start(request, context)).handle}`,
			}),
			status: async (handle, { fetch, signal }) => {
				if (!URL.canParse(String(handle))) throw new ProviderError("no handle");
				await fetch(String(handle), { headers: { authorization: `Bearer ${apiKey}` }, signal });
				return { state: "queued" };
			},
		}),
	),
	mistake("says that it cancelled, whatever came back", /claims no cancellation that was reset/, (provider) => ({
		cancel: async (handle, context) =>
			(await provider.cancel?.(handle, context).catch(() => "cancelled")) as "cancelled",
	})),
	mistake("cancels what had ended", /does not claim to have cancelled/, (provider) => ({
		cancel: async (handle, context) => {
			await provider.cancel?.(handle, context);
			return "cancelled";
		},
	})),
	mistake("finds the newest job, whoever's it is", /finds (the operation of|nothing when)/, (_provider, target) => ({
		find: async (_intent, { fetch }) => {
			const response = await fetch(`${target.baseUrl}/jobs`, { headers: { authorization: `Bearer ${target.apiKey}` } });
			const { jobs } = (await response.json()) as { readonly jobs: readonly { readonly id: string }[] };
			return jobs[0]?.id;
		},
	})),
	mistake("takes a failed search for an empty one", /does not take a search that failed/, (provider) => ({
		find: async (intent, context) => provider.find?.(intent, context).catch(() => undefined),
	})),
	mistake("promises replays and sends no key", /keeps the promise that a repeated key/, (provider) => ({
		traits: { ...provider.traits, idempotency: "replay" },
	})),
];

/** Every mistake that the cases must notice. */
export const MISTAKES: readonly Mistake[] = [...SUBMISSION, ...OPTION, ...LOOK, ...UNTRUE];
