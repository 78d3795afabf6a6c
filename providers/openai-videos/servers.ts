import { createHash } from "node:crypto";
import {
	type CallContext,
	ConfigurationError,
	isVideoError,
	joinUrl,
	ProviderError,
	prepareRequest,
} from "../../src/provider-kit/index.ts";
import type { Dialect } from "./dialects.ts";
import { parseServerInfo, type ServerInfo } from "./wire.ts";

type Headers = Readonly<Record<string, string>>;

/** One server that takes jobs. It alone knows those that it took. */
export interface Server {
	/** Its base URL, which ends in `/v1` or another version. */
	readonly base: string;
	/** Tells it from the others in a handle, without its address. */
	readonly fingerprint: string;
}

/** A server for the next job, and how to speak to it. */
export interface ChosenServer {
	readonly server: Server;
	readonly dialect: Dialect;
}

/** The servers, taking turns. */
export interface Servers {
	readonly all: readonly Server[];
	/**
	 * The one for a new job: the next in turn that answers, and lists the model if any does. Only free requests
	 * are sent. Throws `ConfigurationError` when there is none, and a retryable `ProviderError` with
	 * `billed: "no"` when none answers.
	 */
	choose(model: string, headers: Headers, context: CallContext): Promise<ChosenServer>;
	/** Watches whether a request is answered by its server, so that new jobs go to those that do. */
	watch<Answer>(server: Server, request: Promise<Answer>, signal: AbortSignal): Promise<Answer>;
}

/** New jobs for which a server that did not answer is passed over, unless no other answers. */
const TURNS_OF_REST = 8;

/** The servers of a comma-separated list. Throws `ConfigurationError` for an address that cannot be one. */
export function createServers(baseUrls: string, dialect: Dialect | undefined): Servers {
	const addresses = baseUrls.split(",").map((text) => text.trim());
	const bases = new Set(addresses.filter((text) => text !== "").map(normalise));
	const all = [...bases].map((base) => ({ base, fingerprint: fingerprintOf(base) }));
	const restOf = new Map<Server, number>();
	let turn = 0;

	const note = (server: Server, isReachable: boolean) => void restOf.set(server, isReachable ? 0 : TURNS_OF_REST);
	/** Whether a server still rests. Counts a turn of its rest down. */
	const isResting = (server: Server) => {
		const rest = restOf.get(server) ?? 0;
		restOf.set(server, Math.max(0, rest - 1));
		return rest > 0;
	};
	/** Who a server is; `undefined` when it does not answer. */
	const ask = async (server: Server, headers: Headers, context: CallContext): Promise<ServerInfo | undefined> => {
		try {
			const info = parseServerInfo(await prepareRequest(context, { url: joinUrl(server.base, "models"), headers }));
			note(server, true);
			return info;
		} catch (error) {
			if (!isVideoError(error) || error.code === "cancelled") throw error;
			note(server, !error.retryable);
			// One that answers without a list of models speaks the plain protocol.
			return error.retryable ? undefined : { dialect: "plain", models: [] };
		}
	};
	return {
		all,
		async watch(server, request, signal) {
			try {
				const answer = await request;
				note(server, true);
				return answer;
			} catch (error) {
				const hasNoAnswer = error instanceof ProviderError && error.status === undefined;
				if (hasNoAnswer && !signal.aborted) note(server, false);
				throw error;
			}
		},
		async choose(model, headers, context) {
			const [first] = all;
			if (first === undefined) {
				throw new ConfigurationError("OPENAI_VIDEOS_BASE_URL is not set; write the address of the server, with a port");
			}
			if (all.length === 1 && dialect !== undefined) return { server: first, dialect };
			const order = [...all.slice(turn), ...all.slice(0, turn)];
			turn = (turn + 1) % all.length;
			const resting = order.filter(isResting);
			for (const servers of [order.filter((server) => !resting.includes(server)), resting]) {
				let answered: ChosenServer | undefined;
				for (const server of servers) {
					const info = await ask(server, headers, context);
					if (info === undefined) continue;
					const found = { server, dialect: dialect ?? info.dialect };
					if (info.models.includes(model)) return found;
					answered ??= found;
				}
				// Names are not always listed.
				if (answered !== undefined) return answered;
			}
			const names = all.map(({ base }) => base).join(", ");
			throw new ProviderError(`no server answers at ${names}; nothing was sent, so start one or correct the address`, {
				retryable: true,
			});
		},
	};
}

function fingerprintOf(base: string): string {
	return createHash("sha256").update(base).digest("hex").slice(0, 16);
}

/** The same text for the same place: with `/v1`, which people write or leave out, and without a slash at the end. */
function normalise(text: string): string {
	const url = URL.parse(text);
	if (url !== null && url.search + url.hash !== "") {
		throw new ConfigurationError(
			"the base URL holds a query or a fragment; write the address alone, and the key apart",
		);
	}
	const isVersioned = /\/v\d+\w*\/?$/.test(url?.pathname ?? "");
	return joinUrl(text, ...(isVersioned ? [] : ["v1"])).href;
}
