import type {
	Fetch,
	JsonObject,
	JsonValue,
	OperationStatus,
	VideoAsset,
	VideoProvider,
} from "../../src/provider/index.ts";
import { isVideoError, ProviderError } from "../../src/provider-kit/index.ts";
import type { ServiceTarget } from "../../src/testing/index.ts";
import { type Mistake, mistake } from "./mistake.ts";
import { behindKeyDialect, createBehindKeyProvider } from "./other-protocols.ts";

/** Mistakes with what is claimed: each says more, or something else, than the service said. */
export const UNTRUE: readonly Mistake[] = [
	mistake('promises that a cancellation works, and says only "requested"', /cancels at the service/, (provider) => ({
		cancel: async (handle, context) => {
			const outcome = await provider.cancel?.(handle, context);
			return outcome === "cancelled" || outcome === undefined ? "requested" : outcome;
		},
	})),
	mistake("counts itself among those ahead", /reports how many operations are ahead/, (provider) =>
		seeing(provider, (status) =>
			status.state === "queued" && status.queuePosition !== undefined
				? { ...status, queuePosition: status.queuePosition + 1 }
				: status,
		),
	),
	mistake("takes no word about money for a free failure", /does not guess whether a failure is billed/, (provider) =>
		seeing(provider, (status) =>
			status.state === "failed" && status.billed === "unknown" ? { ...status, billed: "no" } : status,
		),
	),
	mistake("takes no word about money for a bill", /does not guess whether a failure is billed/, (provider) =>
		seeing(provider, (status) =>
			status.state === "failed" && status.billed === "unknown" ? { ...status, billed: "yes" } : status,
		),
	),
	...(["seed", "prompt", "model"] as const).map((name) =>
		mistake(`lets providerOptions replace the ${name}`, /lets providerOptions replace nothing/, (provider) =>
			merging(provider, name, (fields, own) => ({ ...fields, ...own })),
		),
	),
	mistake("lets the request replace providerOptions", /lets providerOptions replace nothing/, (provider) =>
		merging(provider, "seed", (fields, own) => ({ ...own, ...fields })),
	),
	behindKey("shows the key to wherever the video is said to be", /keeps the key from a result/, (url) => ({
		credentialOrigins: [new URL(url).origin],
	})),
	behindKey("forgets that the video is behind the key", /leads to the video$/, () => ({ credentialOrigins: [] })),
	{
		...behindKey("is tried with a dialect that hides what it names", /keeps the key from a result/, () => ({})),
		dialect: {
			...behindKeyDialect,
			namesResult: false,
			looked: (job, call) => behindKeyDialect.looked({ ...job, resultUrl: `/v1/jobs/${job.id}/video` }, call),
		},
	},
	mistake("does not tell a refusal of content from any other", /calls a refusal of the content/, (provider) => ({
		start: (request, context) =>
			provider.start(request, context).catch((error: unknown) => {
				const isContent = isVideoError(error) && error.code === "content_refused";
				throw isContent ? new ProviderError(String(error), { status: 422 }) : error;
			}),
	})),
];

/** A mistake with a video that is behind the key. */
function behindKey(name: string, noticedBy: RegExp, change: (url: string) => Partial<VideoAsset>): Mistake {
	const create = (target: ServiceTarget) => {
		const provider = createBehindKeyProvider(target);
		const changed = seeing(provider, (status) => {
			const [asset] = status.state === "succeeded" ? status.assets : [];
			if (status.state !== "succeeded" || asset?.kind !== "url") return status;
			return { ...status, assets: [{ ...asset, ...change(asset.url) } as VideoAsset] };
		});
		return { ...provider, ...changed };
	};
	return { name, noticedBy, create, dialect: behindKeyDialect };
}

/** The provider with another status than it saw. */
function seeing(provider: VideoProvider, change: (status: OperationStatus) => OperationStatus): Partial<VideoProvider> {
	return { status: async (handle, context) => change(await provider.status(handle, context)) };
}

/** The provider with one field of `providerOptions` joined to the request's fields behind its back. */
function merging(
	provider: VideoProvider,
	name: string,
	join: (fields: JsonObject, own: JsonObject) => JsonObject,
): Partial<VideoProvider> {
	return {
		start: ({ providerOptions, ...request }, context) => {
			const { [name]: said, ...others } = providerOptions;
			const own: Record<string, JsonValue> = said === undefined ? {} : { [name]: said };
			const fetch: Fetch = (url, init) => {
				const fields = JSON.parse(String(init?.body)) as JsonObject;
				return context.fetch(url, { ...init, body: JSON.stringify(join(fields, own)) });
			};
			return provider.start({ ...request, providerOptions: others }, { ...context, fetch });
		},
	};
}
