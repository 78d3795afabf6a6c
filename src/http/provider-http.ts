import type * as undici from "undici";
import type { Fetch } from "../provider/index.ts";
import { SendOnce } from "./send-once.ts";
import { countUnsent, maySubmit, type ObservedRequest } from "./watch-sending.ts";

/** How long a provider's requests may take, in milliseconds. */
export interface ProviderHttpLimits {
	/** From sending a submission until its answer begins: longer than any gateway waits. */
	readonly submitTimeoutMs: number;
	/** The same for every other request. */
	readonly lookTimeoutMs: number;
}

/** Sends the requests of providers. Follows no redirect and repeats nothing. */
export interface ProviderHttp {
	/**
	 * For submissions: each on a fresh connection, since a request on a kept one may be lost when the server
	 * closes it in that moment, and nobody could tell whether it was accepted.
	 */
	readonly submit: Fetch;
	/** For everything else. */
	readonly look: Fetch;
	/** Closes the connections. */
	close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 30_000;
/** The longest silence in the middle of an answer. */
const BODY_TIMEOUT_MS = 60_000;

/**
 * Makes the `fetch` of one service's providers. Nothing is loaded or opened before the first request.
 * A `fetch` that the user gave is used as it is, for both.
 */
export function createProviderHttp(limits: ProviderHttpLimits, given?: Fetch): ProviderHttp {
	if (given !== undefined) {
		const send: Fetch = (input, init) => given(input, { ...init, redirect: "manual" });
		return { submit: send, look: send, close: async () => undefined };
	}
	const submit = lazyFetch({ pipelining: 0, headersTimeout: limits.submitTimeoutMs }, submitOnce);
	const look = lazyFetch({ headersTimeout: limits.lookTimeoutMs }, (send, agent) => send(agent));
	return {
		submit: submit.fetch,
		look: look.fetch,
		close: async () => void (await Promise.all([submit.close(), look.close()])),
	};
}

interface LazyFetch {
	readonly fetch: Fetch;
	close(): Promise<void>;
}

/** Sends one request by a dispatcher, and the way from an agent to that. */
type SendBy = (
	send: (dispatcher: undici.Dispatcher) => Promise<undici.Response>,
	agent: undici.Agent,
	request: ObservedRequest,
) => Promise<undici.Response>;

/** Lets one request out, and reports one that `fetch` refused before it made any: to a blocked port, say. */
const submitOnce: SendBy = async (send, agent, request) => {
	const once = new SendOnce();
	try {
		return await send(agent.compose(once.interceptor));
	} catch (error) {
		if (!once.hasSent && maySubmit(request)) countUnsent();
		throw error;
	}
};

function lazyFetch(options: undici.Agent.Options, sendBy: SendBy): LazyFetch {
	let loaded: Promise<{ readonly library: typeof undici; readonly agent: undici.Agent }> | undefined;
	const load = async () => {
		const library = await import("undici");
		const agent = new library.Agent({ bodyTimeout: BODY_TIMEOUT_MS, connectTimeout: CONNECT_TIMEOUT_MS, ...options });
		return { library, agent };
	};
	return {
		async fetch(input, init) {
			loaded ??= load();
			const { library, agent } = await loaded;
			const request = input instanceof Request ? { url: input.url, ...partsOf(input) } : { url: input };
			const parts = { ...request, ...init, redirect: "manual" } as unknown as undici.RequestInit;
			if (parts.body instanceof FormData) parts.body = copyForm(parts.body, new library.FormData());
			const send = (dispatcher: undici.Dispatcher) => library.fetch(request.url, { ...parts, dispatcher });
			return (await sendBy(send, agent, { method: parts.method ?? "GET" })) as unknown as Response;
		},
		async close() {
			await (await loaded)?.agent.destroy();
		},
	};
}

/** undici knows its own `Request` only, and Node's global one is of another copy of it. */
function partsOf({ method, headers, body, signal }: Request): object {
	return { method, headers: [...headers], body, signal, ...(body === null ? {} : { duplex: "half" }) };
}

/** The same for forms, which it would send as the text "[object FormData]". */
function copyForm<Form extends { append(name: string, value: never, filename?: string): void }>(
	source: FormData,
	target: Form,
): Form {
	for (const [name, value] of source) {
		if (typeof value === "string") target.append(name, value as never);
		else target.append(name, value as never, value.name);
	}
	return target;
}
