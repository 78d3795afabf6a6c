import { ConfigurationError, type SecretValue } from "../../src/provider-kit/index.ts";
import { INFERENCE_PROVIDER_IDS, INFERENCE_PROVIDERS, type InferenceProviderId } from "./inference-providers.ts";

/** Through the router of Hugging Face with its token, or straight to the inference provider with its own key. */
export type Route = "router" | "direct";

/** A key, and where it goes. It goes nowhere else. */
export interface Access {
	readonly route: Route;
	readonly key: SecretValue;
	/** The variable that it is in. */
	readonly keyName: string;
}

/** Which key opens which inference provider. */
export interface Keys {
	/** The token of Hugging Face, when there is one. */
	readonly token: SecretValue | undefined;
	/** What is missing before anything can be submitted; `undefined` when nothing is. */
	missing(isNamed: boolean): string | undefined;
	/** How to submit to an inference provider. `isNamed`: the user named it, and so says whose key an unmarked one is. */
	toSubmit(at: InferenceProviderId, isNamed: boolean): Access | undefined;
	/** The same way again that a job was submitted. Throws `ConfigurationError` when its key is gone. */
	toLook(at: InferenceProviderId, route: Route): Access;
}

const NO_KEY = "HF_TOKEN is not set; create a token at huggingface.co/settings/tokens";
const WHOSE_KEY =
	'HF_TOKEN does not begin with "hf_", so it is the own key of an inference provider; name that provider behind the ' +
	'model, as in "huggingface:owner/name:fal-ai"';
/** What every token of Hugging Face begins with. */
const TOKEN_PREFIX = "hf_";
/** Any other text is some inference provider's own key, unless it has such a token in it, or is one of the old kind. */
const MISWRITTEN_TOKEN = /hf_|^api_org_/;
const NO_TOKEN =
	'HF_TOKEN holds a token of Hugging Face, yet does not begin with "hf_"; write the token alone, or create another at ' +
	"huggingface.co/settings/tokens";

/** Sorts the keys of the environment by the service that they belong to. */
export function sortKeys(credentials: Readonly<Record<string, SecretValue>>): Keys {
	const given = credentials["HF_TOKEN"];
	const isToken = given?.reveal().startsWith(TOKEN_PREFIX) === true;
	const isOwnKey = given !== undefined && !isToken && !MISWRITTEN_TOKEN.test(given.reveal());
	const router: Access | undefined = isToken ? { route: "router", key: given, keyName: "HF_TOKEN" } : undefined;

	const direct = (at: InferenceProviderId, isNamed: boolean): Access | undefined => {
		const { keyName } = INFERENCE_PROVIDERS[at];
		const own = credentials[keyName];
		if (own !== undefined) return { route: "direct", key: own, keyName };
		return isOwnKey && isNamed ? { route: "direct", key: given, keyName: "HF_TOKEN" } : undefined;
	};
	return {
		token: router?.key,
		missing(isNamed) {
			const hasOwn = INFERENCE_PROVIDER_IDS.some((at) => direct(at, false) !== undefined);
			if (router !== undefined || hasOwn || (isOwnKey && isNamed)) return undefined;
			if (given === undefined) return NO_KEY;
			return isOwnKey ? WHOSE_KEY : NO_TOKEN;
		},
		toSubmit: (at, isNamed) => router ?? direct(at, isNamed),
		toLook(at, route) {
			const access = route === "router" ? router : direct(at, true);
			if (access !== undefined) return access;
			const keyName = route === "router" ? "HF_TOKEN" : INFERENCE_PROVIDERS[at].keyName;
			throw new ConfigurationError(`the job was submitted to ${at} with ${keyName}, which is not set; set it again`);
		},
	};
}
