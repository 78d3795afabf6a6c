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
	choose(model: string, headers: Readonly<Record<string, string>>, context: CallContext): Promise<ChosenServer>;
	/** Notes whether a server could be reached, so that new jobs go to those that can. */
	note(server: Server, isReachable: boolean): void;
}

/** New jobs for which a server that did not answer is passed over, unless no other answers. */
const TURNS_OF_REST = 8;

/** The servers of a comma-separated list. Throws `ConfigurationError` for an address that cannot be one. */
export function createServers(baseUrls: string, dialect: Dialect | undefined): Servers {
	const bases = baseUrls.split(",").map((text) => text.trim());
	const all = [...new Set(bases.filter((text) => text !== "").map(normalise))].map(describe);
	const resting = new Map<Server, number>();
	let turn = 0;

	const note = (server: Server, isReachable: boolean) => {
		if (isReachable) resting.delete(server);
		else resting.set(server, TURNS_OF_REST);
	};
	const ask = async (server: Server, headers: Readonly<Record<string, string>>, context: CallContext) => {
		try {
			const info = await askServer(server, headers, context);
			note(server, true);
			return info;
		} catch (error) {
			note(server, false);
			throw error;
		}
	};
	return {
		all,
		note,
		async choose(model, headers, context) {
			const [first] = all;
			if (first === undefined) {
				throw new ConfigurationError("OPENAI_VIDEOS_BASE_URL is not set; write the address of the server, with a port");
			}
			if (all.length === 1 && dialect !== undefined) return { server: first, dialect };
			const order = [...all.slice(turn), ...all.slice(0, turn)];
			turn = (turn + 1) % all.length;
			const rested = order.filter((server) => !rests(server, resting));
			const others = order.filter((server) => !rested.includes(server));
			const found =
				(await firstOf(rested, model, (server) => ask(server, headers, context))) ??
				(await firstOf(others, model, (server) => ask(server, headers, context)));
			if (found !== undefined) return { server: found.server, dialect: dialect ?? found.info.dialect };
			const names = all.map(({ base }) => base).join(", ");
			throw new ProviderError(`no server answers at ${names}; nothing was sent, so start one or correct the address`, {
				retryable: true,
			});
		},
	};
}

interface Found {
	readonly server: Server;
	readonly info: ServerInfo;
}

/** The first server that answers and lists the model, else the first that answers: names are not always listed. */
async function firstOf(
	servers: readonly Server[],
	model: string,
	ask: (server: Server) => Promise<ServerInfo>,
): Promise<Found | undefined> {
	let other: Found | undefined;
	for (const server of servers) {
		const info = await ask(server).catch(passOnUnlessRetryable);
		if (info === undefined) continue;
		if (info.models.includes(model)) return { server, info };
		other ??= { server, info };
	}
	return other;
}

/** Asks a server who it is. One that answers without a list of models speaks the plain protocol. */
async function askServer(
	{ base }: Server,
	headers: Readonly<Record<string, string>>,
	context: CallContext,
): Promise<ServerInfo> {
	try {
		return parseServerInfo(await prepareRequest(context, { url: joinUrl(base, "models"), headers }));
	} catch (error) {
		const hasAnswered = isVideoError(error) && !error.retryable && error.code !== "cancelled";
		if (hasAnswered) return { dialect: "plain", models: [] };
		throw error;
	}
}

function passOnUnlessRetryable(error: unknown): undefined {
	if (!isVideoError(error) || !error.retryable) throw error;
}

/** Counts a turn of rest down. */
function rests(server: Server, resting: Map<Server, number>): boolean {
	const turns = resting.get(server) ?? 0;
	if (turns > 0) resting.set(server, turns - 1);
	return turns > 0;
}

function describe(base: string): Server {
	return { base, fingerprint: createHash("sha256").update(base).digest("hex").slice(0, 16) };
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
