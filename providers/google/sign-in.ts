import { AsyncLocalStorage } from "node:async_hooks";
import type { GoogleGenAI } from "@google/genai";
import {
	AuthenticationError,
	type CallContext,
	type Fetch,
	ProviderError,
	redact,
	type SecretValue,
} from "../../src/provider-kit/index.ts";
import { captureRequest, createClient } from "./sdk.ts";

/** The phase in which headers are needed: an error before a submission proves that nothing was billed. */
export type SignInPhase = "submit" | "poll";

/** Who calls. */
export interface SignIn {
	/**
	 * The headers that carry the credential. Throws `AuthenticationError` when there is none or it was refused,
	 * and a retryable `ProviderError` when it could not be fetched.
	 */
	headers(context: CallContext, phase: SignInPhase): Promise<Readonly<Record<string, string>>>;
}

const NO_ACCOUNT =
	"run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_VERTEX_API_KEY";
/** The quota project of a user's own credentials comes with the token. */
const ACCOUNT_HEADERS = ["authorization", "x-goog-user-project"];

/** Runs a call as if nobody had made it: a request for a token must not be taken for a submission that was sent. */
const outside = AsyncLocalStorage.snapshot();

/** Signs in with an API key. */
export function signInWithKey(key: SecretValue): SignIn {
	return { headers: async () => ({ "x-goog-api-key": key.reveal() }) };
}

/** Signs in with the application default credentials of this machine; tokens are kept until they expire. */
export function signInWithAccount(): SignIn {
	/** That of the latest call: a token is kept for longer than any of them. */
	let fetch: Fetch;
	let client: Promise<GoogleGenAI> | undefined;
	const fetchToken: Fetch = (input, init) => {
		const { method, headers, body, signal } = init ?? {};
		const parts = { method, headers: Object.fromEntries(new Headers(headers)), body, signal };
		return fetch(input, parts as RequestInit);
	};
	const signedRequest = async () => {
		client ??= createClient({
			vertexai: true,
			project: "any",
			location: "global",
			apiVersion: "v1beta1",
			httpOptions: { baseUrl: "https://aiplatform.googleapis.com" },
			googleAuthOptions: { clientOptions: { transporterOptions: { fetchImplementation: fetchToken } } },
		});
		const { models } = await client;
		return captureRequest((capture) => models.get({ model: "any", config: { httpOptions: { fetch: capture } } }));
	};
	return {
		async headers(context, phase) {
			context.signal.throwIfAborted();
			({ fetch } = context);
			try {
				const request = await untilAborted(outside(signedRequest), context.signal);
				return Object.fromEntries(
					ACCOUNT_HEADERS.flatMap((name) => {
						const value = request.headers.get(name);
						return value === null ? [] : [[name, value]];
					}),
				);
			} catch (error) {
				context.signal.throwIfAborted();
				throw toSignInError(error, phase);
			}
		},
	};
}

/** The library's errors hold the whole request for the token, so that only their words go on. */
function toSignInError(error: unknown, phase: SignInPhase): AuthenticationError | ProviderError {
	// The words of a SyntaxError quote the file, which may be a bare key.
	const text = error instanceof SyntaxError ? "the file of the credentials is not valid JSON" : describe(error);
	const words = redact(text).replace(/\s+/g, " ");
	const status: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "status") : undefined;
	const details = { phase, billed: phase === "submit" ? "no" : "unknown" } as const;
	const isPassing =
		typeof status === "number" ? status === 429 || status >= 500 : /fetch|network|ECONN|ETIME/i.test(words);
	if (isPassing) {
		return new ProviderError(`Google gave no access token: ${words}; try again`, { ...details, retryable: true });
	}
	return new AuthenticationError(`Google gave no access token: ${words}; ${NO_ACCOUNT}`, details);
}

function describe(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Rejects with the signal's reason when it is aborted first. */
async function untilAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
	const { promise: aborted, reject } = Promise.withResolvers<never>();
	const abort = () => reject(signal.reason);
	signal.addEventListener("abort", abort, { once: true });
	try {
		return await Promise.race([promise, aborted]);
	} finally {
		signal.removeEventListener("abort", abort);
	}
}
