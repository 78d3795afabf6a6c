import {
	accountFingerprint,
	type CallContext,
	ConfigurationError,
	type HttpAnswer,
	InputError,
	isVideoError,
	type JsonValue,
	joinUrl,
	lookRequest,
	type OperationStatus,
	PAID_SERVICE,
	type ProviderRequest,
	type ProviderSettings,
	type StartResult,
	submitRequest,
	type VideoProvider,
} from "../../src/provider-kit/index.ts";
import { sortKeys } from "./access.ts";
import { authorization, buildRequest, rootOf } from "./build-request.ts";
import { explainRefusal, withoutMedia } from "./errors.ts";
import { INFERENCE_PROVIDER_IDS, type InferenceProviderId, isInferenceProvider } from "./inference-providers.ts";
import { toParameters } from "./map.ts";
import { choose, Mappings } from "./mapping.ts";
import { CATALOGUE } from "./models.ts";
import { look, readHandle, readSubmitted } from "./protocols/index.ts";
import { parseProviderOptions } from "./provider-options.ts";

const ORGANIZATION = /^\w[\w.-]{0,95}$/;
const HUB_ID = /^\w[\w.-]{0,95}\/\w[\w.-]{0,95}$/;

/** What a test replaces. */
export interface HuggingfaceInternals {
	/** A clock in milliseconds that never goes back. @default performance.now */
	readonly now?: () => number;
}

/**
 * The provider `huggingface`: a model of the Hub by `owner/name`, at the first inference provider of the account's
 * that serves it, or at the one that is named: `owner/name:fal-ai`. `HF_TOKEN` is its key, `HUGGINGFACE_BASE_URL`
 * moves the Hub and everything behind it, and `HF_BILL_TO` names the organization that pays.
 *
 * Without a token the inference providers' own keys are used: `FAL_KEY`, `REPLICATE_API_TOKEN`, `NOVITA_API_KEY`,
 * `WAVESPEED_API_KEY` and `TOGETHER_API_KEY`, or in `HF_TOKEN` that of the one that is named.
 *
 * `providerOptions.huggingface` goes to the model as it is, but for `billTo`, as above, and `inputNames`, which
 * renames what reelay sends: `{ inputNames: { durationSeconds: "duration" } }`.
 */
export function createHuggingfaceProvider(
	{ credentials, variables, baseUrl }: ProviderSettings,
	{ now = () => performance.now() }: HuggingfaceInternals = {},
): VideoProvider {
	const keys = sortKeys(credentials);
	const mappings = new Mappings(baseUrl, keys.token, now);

	async function start(request: ProviderRequest, context: CallContext): Promise<StartResult> {
		const { model, named } = parseModel(request.model);
		const { billTo, ...own } = parseProviderOptions(request.providerOptions);
		const missing = keys.missing(named !== undefined);
		if (missing !== undefined) throw new ConfigurationError(missing);
		const entries = await mappings.of(model, context);
		const accessTo = (at: InferenceProviderId) => keys.toSubmit(at, named !== undefined);
		const chosen = choose(entries, model, request.task, named, accessTo);
		const { at, access, entry } = chosen;
		const { parameters, warnings } = toParameters(request, { at, providerId: entry.providerId, ...own });
		const payer = payerOf(billTo, variables["HF_BILL_TO"], access.route === "router");
		const built = await buildRequest({ ...chosen, request, model, parameters, billTo: payer, baseUrl });
		const explain = (refused: HttpAnswer) => explainRefusal(refused, model, at, access);
		const answer = await submitRequest(context, { ...built, explain }).catch((error: unknown) => {
			if (isVideoError(error) && error.code === "model_not_found") mappings.forget(model);
			throw error;
		});
		return { ...readSubmitted(at, access.route, answer, entry.providerId), warnings };
	}

	async function status(handle: JsonValue, context: CallContext): Promise<OperationStatus> {
		const place = readHandle(handle);
		const { at, route } = place;
		const headers = await authorization(at, keys.toLook(at, route));
		return look(place, (path, details) =>
			lookRequest(context, { url: joinUrl(rootOf(at, route, baseUrl), ...path), headers, ...details }),
		);
	}

	return {
		id: "huggingface",
		// Some inference providers can cancel; whether the router passes it on is documented nowhere.
		traits: PAID_SERVICE,
		account: accountFingerprint(credentials["HF_TOKEN"]),
		...CATALOGUE,
		start: (request, context) => withoutMedia(start(request, context)),
		status: (handle, context) => withoutMedia(status(handle, context)),
		async check() {
			const missing = keys.missing(true);
			if (missing !== undefined) return { usable: false, detail: missing };
			const where = baseUrl === undefined ? "" : `; requests go to ${new URL(baseUrl).origin}`;
			if (keys.token !== undefined) return { usable: true, detail: `HF_TOKEN is set${where}` };
			const usable = INFERENCE_PROVIDER_IDS.filter((at) => keys.toSubmit(at, false) !== undefined);
			const own =
				usable.length === 0 ? keys.missing(false) : `no token of Hugging Face, but own keys for ${usable.join(", ")}`;
			return { usable: true, detail: `${own}${where}` };
		},
	};
}

/** Refuses what cannot be a model before a URL is made of it. */
function parseModel(id: string): { readonly model: string; readonly named: InferenceProviderId | undefined } {
	const [model = "", named, ...rest] = id.split(":");
	if (!HUB_ID.test(model) || rest.length > 0) {
		throw new InputError("model", `"${id}" is not one of the Hub; write "owner/name" or "owner/name:fal-ai"`);
	}
	if (named === undefined || isInferenceProvider(named)) return { model, named };
	const known = INFERENCE_PROVIDER_IDS.join(", ");
	throw new InputError("model", `"${named}" is no inference provider that serves video; choose one of ${known}`);
}

/** Who pays, if not the account of the token: only Hugging Face can send the bill elsewhere. */
function payerOf(asked: JsonValue | undefined, usual: string | undefined, isRouted: boolean): string | undefined {
	const problem = "it is not the name of an organization; write it as in huggingface.co/<organization>";
	const field = "providerOptions.huggingface.billTo";
	if (asked !== undefined) {
		if (!isRouted) throw new InputError(field, "only Hugging Face sends its bill elsewhere; set HF_TOKEN to a token");
		if (typeof asked === "string" && ORGANIZATION.test(asked)) return asked;
		throw new InputError(field, problem);
	}
	if (usual === undefined || !isRouted) return undefined;
	if (ORGANIZATION.test(usual)) return usual;
	throw new ConfigurationError(`HF_BILL_TO: ${problem}`);
}
