import { ConfigurationError } from "../errors/index.ts";
import type { CallContext, ProviderCheck, ProviderSettings } from "../provider/index.ts";
import { accountFingerprint } from "./account-fingerprint.ts";
import type { HttpAnswer } from "./http-exchange.ts";
import { type LookRequest, lookRequest, type SubmitAnswer, type SubmitRequest, submitRequest } from "./http-request.ts";

/** How the key of a service is found and sent. */
export interface ServiceKey {
	/** The variable that it is in, such as `STUDIO_API_KEY`. */
	readonly name: string;
	/** What to do where it is not set: `"create a key at studio.example/keys"`. */
	readonly remedy: string;
	/** The word before it in the header `authorization`. @default "Bearer" */
	readonly scheme?: string;
}

/** A service that needs a key and nothing else. The key may be absent until something is sent. */
export interface KeyedService {
	/** For `VideoProvider.account`. */
	readonly account: string | undefined;
	/** `submitRequest` with the key. Throws `ConfigurationError` when it is not set, else what that throws. */
	submit(context: CallContext, request: SubmitRequest): Promise<SubmitAnswer>;
	/**
	 * `lookRequest` with the key, for answers of 64 MiB at most: they may repeat pictures, or hold a whole log. Throws
	 * `ConfigurationError` when the key is not set, else what that throws.
	 */
	look(context: CallContext, request: LookRequest): Promise<HttpAnswer>;
	/** The header with the key, for a result that needs it. Throws `ConfigurationError` when the key is not set. */
	headers(): Readonly<Record<string, string>>;
	/** For `VideoProvider.check`. */
	check(): Promise<ProviderCheck>;
}

const MAX_LOOK_BYTES = 64 * 1024 * 1024;

/** Sends a provider's requests with the key from its settings. `baseUrl` is where they go. */
export function keyedService(
	{ credentials }: Pick<ProviderSettings, "credentials">,
	{ name, remedy, scheme = "Bearer" }: ServiceKey,
	baseUrl: string,
): KeyedService {
	const key = credentials[name];
	const missing = `${name} is not set; ${remedy}`;
	const headers = () => {
		if (key === undefined) throw new ConfigurationError(missing);
		return { authorization: `${scheme} ${key.reveal()}` };
	};
	return {
		account: accountFingerprint(key),
		headers,
		submit: async (context, request) =>
			submitRequest(context, { ...request, headers: { ...request.headers, ...headers() } }),
		look: async (context, request) =>
			lookRequest(context, { maxBytes: MAX_LOOK_BYTES, ...request, headers: { ...request.headers, ...headers() } }),
		async check() {
			if (key === undefined) return { usable: false, detail: missing };
			return { usable: true, detail: `${name} is set; requests go to ${new URL(baseUrl).origin}` };
		},
	};
}
