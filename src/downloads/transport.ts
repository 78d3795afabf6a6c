import type { Readable } from "node:stream";
import type { Agent, buildConnector as ConnectorBuilder } from "undici";
import type { EgressGuard } from "./egress-guard.ts";
import type { NetworkLimits } from "./network-limits.ts";
import { headerValue, type ResponseHeaders } from "./response-headers.ts";
import type { Timing } from "./timing.ts";
import { TransferFailure, toTransferFailure } from "./transfer-failure.ts";

/** One request that the guard lets pass, with the redirects that follow from it. */
export interface GuardedRequest {
	readonly url: string;
	/** Sent to every hop. Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** Sent while the origin of the hop is in `credentialOrigins`, and to no other. */
	readonly credentials?: Readonly<Record<string, string>> | undefined;
	readonly credentialOrigins?: readonly string[] | undefined;
	readonly signal: AbortSignal;
}

/** An answer that is no redirect. Its body must be read to its end or destroyed. */
export interface GuardedResponse {
	readonly status: number;
	readonly headers: ResponseHeaders;
	readonly body: Readable;
	/** Where the answer came from, after redirects. */
	readonly url: URL;
}

/** Sends requests behind the guard. */
export interface Transport {
	readonly limits: NetworkLimits;
	readonly timing: Timing;
	/** Sends a GET. Throws `TransferFailure`, which never leaves this folder. */
	request(request: GuardedRequest): Promise<GuardedResponse>;
	/** Closes every connection. */
	close(): Promise<void>;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Makes a transport with connections of its own. Opens nothing until the first request. */
export function createTransport(guard: EgressGuard, limits: NetworkLimits, timing: Timing): Transport {
	let connections: Promise<Agent> | undefined;

	async function sendOnce(url: URL, request: GuardedRequest): Promise<GuardedResponse> {
		connections ??= openConnections(guard, limits);
		const origins = (request.credentialOrigins ?? []).map((origin) => URL.parse(origin)?.origin);
		const credentials = origins.includes(url.origin) ? lowerCaseNames(request.credentials ?? {}) : {};
		const agent = await connections;
		const { statusCode, headers, body } = await agent.request({
			origin: url.origin,
			path: url.pathname + url.search,
			method: "GET",
			headers: { ...credentials, ...request.headers },
			signal: request.signal,
		});
		return { status: statusCode, headers, body, url };
	}

	async function follow(request: GuardedRequest): Promise<GuardedResponse> {
		let url = guard.parse(request.url);
		for (let redirects = 0; redirects <= limits.maxRedirects; redirects += 1) {
			const response = await sendOnce(url, request);
			if (!REDIRECTS.has(response.status)) return response;
			discardBody(response.body);
			const location = headerValue(response.headers, "location");
			if (location === undefined) throw new TransferFailure("redirects without saying where to", "none");
			url = guard.parse(location, url);
		}
		throw new TransferFailure(`redirects more than ${limits.maxRedirects} times`, "none");
	}

	return {
		limits,
		timing,
		async request(request) {
			try {
				return await follow(request);
			} catch (error) {
				throw toTransferFailure(error);
			}
		},
		async close() {
			await (await connections)?.destroy();
		},
	};
}

/** Ends a body that nobody reads, and its connection with it. */
export function discardBody(body: Readable): void {
	body.on("error", () => {});
	body.destroy();
}

async function openConnections(guard: EgressGuard, limits: NetworkLimits): Promise<Agent> {
	const { Agent, buildConnector } = await import("undici");
	return new Agent({
		connect: guardedConnector(guard, limits, buildConnector),
		headersTimeout: limits.headersTimeoutMs,
		bodyTimeout: limits.idleTimeoutMs,
		allowH2: false,
	});
}

function guardedConnector(
	guard: EgressGuard,
	limits: NetworkLimits,
	buildConnector: typeof ConnectorBuilder,
): ConnectorBuilder.connector {
	return (options, callback) => {
		const { origin } = new URL(`${options.protocol}//${options.host ?? options.hostname}`);
		try {
			guard.checkHost(origin, options.hostname);
		} catch (refusal) {
			callback(refusal as Error, null);
			return;
		}
		const timeout = limits.connectTimeoutMs;
		buildConnector({ lookup: guard.lookupFor(origin), timeout, allowH2: false })(options, callback);
	};
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
