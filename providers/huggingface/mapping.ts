import { z } from "zod";
import {
	AuthenticationError,
	type CallContext,
	InputError,
	isVideoError,
	joinUrl,
	ModelNotFoundError,
	ProviderError,
	prepareRequest,
	type SecretValue,
	type VideoTask,
} from "../../src/provider-kit/index.ts";
import type { Access } from "./access.ts";
import { INFERENCE_PROVIDERS, type InferenceProviderId, isInferenceProvider, serves } from "./inference-providers.ts";

const HUB_URL = "https://huggingface.co";
/** Mappings change every few weeks. */
const LIFETIME_MS = 300_000;
const LARGEST_CACHE = 200;

const word = z.string().regex(/^[\w.-]{1,64}$/);
const entrySchema = z.looseObject({
	provider: word,
	/** A path, perhaps with a version. It becomes a part of an address. */
	providerId: z
		.string()
		.regex(/^\w[\w.-]*(?:\/\w[\w.-]*){0,7}(?::\w[\w.-]*)?$/)
		.max(240),
	status: word,
	task: word,
	hfModelId: z.string().optional().catch(undefined),
	adapter: z.string().optional().catch(undefined),
	adapterWeightsPath: z.string().optional().catch(undefined),
});
const answerSchema = z.looseObject({
	inferenceProviderMapping: z.union([z.array(z.unknown()), z.record(z.string(), z.looseObject({}))]).nullish(),
});

/** What the Hub says of one model at one inference provider. */
export type MappingEntry = z.infer<typeof entrySchema>;

/** An entry that a job can be submitted by, and how. */
export interface Chosen {
	readonly at: InferenceProviderId;
	readonly entry: MappingEntry;
	readonly access: Access;
}

/** Who serves a model, asked of the Hub and remembered for five minutes. */
export class Mappings {
	readonly #baseUrl: string;
	readonly #token: SecretValue | undefined;
	readonly #now: () => number;
	readonly #known = new Map<string, { readonly entries: readonly MappingEntry[]; readonly untilMs: number }>();

	/** `token` goes to the Hub; keys of inference providers never do. `now` is a clock in milliseconds. */
	constructor(baseUrl: string | undefined, token: SecretValue | undefined, now: () => number) {
		this.#baseUrl = baseUrl ?? HUB_URL;
		this.#token = token;
		this.#now = now;
	}

	/**
	 * The entries of a model in the order of the account's preferences. Throws what `prepareRequest` throws, and
	 * `ModelNotFoundError` for a model that cannot be seen without a token.
	 */
	async of(model: string, context: CallContext): Promise<readonly MappingEntry[]> {
		const known = this.#known.get(model);
		if (known !== undefined && this.#now() < known.untilMs) return known.entries;
		const entries = await this.#ask(model, context);
		this.#known.delete(model);
		this.#known.set(model, { entries, untilMs: this.#now() + LIFETIME_MS });
		const [oldest] = this.#known.keys();
		if (this.#known.size > LARGEST_CACHE && oldest !== undefined) this.#known.delete(oldest);
		return entries;
	}

	/** Asks again the next time: an inference provider did not know the model that it was said to serve. */
	forget(model: string): void {
		this.#known.delete(model);
	}

	async #ask(model: string, context: CallContext): Promise<readonly MappingEntry[]> {
		const url = joinUrl(this.#baseUrl, "api", "models", ...model.split("/"));
		url.search += `${url.search === "" ? "?" : "&"}expand[]=inferenceProviderMapping`;
		const headers: Record<string, string> =
			this.#token === undefined ? {} : { authorization: `Bearer ${this.#token.reveal()}` };
		const { json } = await prepareRequest(context, { url, headers }).catch((error: unknown) => {
			if (!isVideoError(error) || error.code !== "authentication") throw error;
			// Without a token, this is the Hub's word for a model that is not there, or not public.
			if (this.#token === undefined) {
				throw new ModelNotFoundError(`the Hub shows no "${model}" without a token; check the id, or set HF_TOKEN`);
			}
			const remedy = "create another at huggingface.co/settings/tokens";
			throw new AuthenticationError(`the Hub refused HF_TOKEN; ${remedy} (${error.message})`, { cause: error });
		});
		const answer = answerSchema.safeParse(json);
		if (!answer.success) {
			throw new ProviderError(`the Hub's word on who serves "${model}" cannot be read; try later`, { retryable: true });
		}
		const { inferenceProviderMapping: mapping } = answer.data;
		const listed = Array.isArray(mapping)
			? mapping
			: Object.entries(mapping ?? {}).map(([provider, entry]) => ({ ...entry, provider }));
		return listed.flatMap((entry) => {
			const parsed = entrySchema.safeParse(entry);
			return parsed.success ? [parsed.data] : [];
		});
	}
}

/**
 * The first entry that can do a task with a key that is there; of the named inference provider, if one is named.
 *
 * Throws `InputError` when the model is served for other tasks only, else `ModelNotFoundError`. Both say who
 * serves what.
 */
export function choose(
	entries: readonly MappingEntry[],
	model: string,
	task: VideoTask,
	named: InferenceProviderId | undefined,
	accessTo: (at: InferenceProviderId) => Access | undefined,
): Chosen {
	const candidates = entries.filter(({ provider }) => named === undefined || provider === named);
	for (const entry of candidates) {
		const { provider: at } = entry;
		if (obstacle(entry, task, accessTo) !== undefined || !isInferenceProvider(at)) continue;
		const access = accessTo(at);
		if (access !== undefined) return { at, entry, access };
	}
	const who = named === undefined ? "no inference provider can" : `${named} cannot`;
	const others = entries.map((entry) => obstacle(entry, task, accessTo) ?? `${entry.provider} serves it`);
	const served = others.length === 0 ? "nobody serves it now" : others.join(", ");
	const remedy = `see huggingface.co/models?pipeline_tag=${task}&inference_provider=all`;
	const problem = `"${model}": ${who} do ${task} with it: ${served}; ${remedy}`;
	const isWrongTask = candidates.some((entry) => entry.status === "live" && entry.task !== task);
	throw isWrongTask ? new InputError("model", problem) : new ModelNotFoundError(problem);
}

/** Why an entry cannot be used, in a few words; `undefined` when it can. */
function obstacle(
	{ provider, task: served, status }: MappingEntry,
	task: VideoTask,
	accessTo: (at: InferenceProviderId) => Access | undefined,
): string | undefined {
	if (served !== task) return `${provider} serves ${served}`;
	if (status !== "live") return `${provider} has it as "${status}", not live`;
	if (!isInferenceProvider(provider)) return `${provider} serves it, but is not known to reelay`;
	if (!serves(provider, task)) return `${provider} serves it, but not through its API`;
	if (accessTo(provider) === undefined) return `${provider} needs HF_TOKEN or ${INFERENCE_PROVIDERS[provider].keyName}`;
	return undefined;
}
