import {
	accountFingerprint,
	type CallContext,
	ConfigurationError,
	joinUrl,
	jsonAt,
	lookRequest,
	type OperationStatus,
	PAID_SERVICE,
	type ProviderFactory,
	prepareRequest,
	ServerPool,
	submitRequest,
	submittedId,
	type VideoProvider,
} from "../../src/provider-kit/index.ts";
import { DIALECT_NAMES, DIALECTS, type Dialect } from "./dialects.ts";
import { billedFor, explainRefusal, noVideoError } from "./errors.ts";
import { toBody, toStatus } from "./map.ts";
import { CATALOGUE } from "./models.ts";
import { JOB_ID, parseServerInfo, parseVideo, parseVideosHandle, type ServerInfo, type VideosHandle } from "./wire.ts";

/** Error statuses that can come with a job that failed: an engine repeats the status of what broke it. */
const MAY_HOLD_A_JOB = [400, 422, 500];

/**
 * The provider `openai-videos`: any server that speaks `/v1/videos`. `OPENAI_VIDEOS_BASE_URL` says where, one
 * address or several with commas between, with or without `/v1`; `OPENAI_VIDEOS_API_KEY` is the key of all, if
 * they want one. `OPENAI_VIDEOS_DIALECT` says how they speak; otherwise each is asked before a job is sent.
 *
 * `providerOptions["openai-videos"]` goes into the body as it is; `secondsAs` and `frameAs` in it change how
 * the length and the frame are written, for example `{ secondsAs: "suffixed", frameAs: "ratio" }`.
 *
 * Throws `ConfigurationError` for an address or a dialect that is none.
 */
export const createOpenaiVideosProvider: ProviderFactory = ({ credentials, variables, baseUrl }) => {
	const key = credentials["OPENAI_VIDEOS_API_KEY"];
	const known = parseDialect(variables["OPENAI_VIDEOS_DIALECT"]);
	const pool = new ServerPool({ variable: "OPENAI_VIDEOS_BASE_URL", baseUrl, normalise: withVersion });
	const mayAbort = known === undefined || DIALECTS[known].canAbort;

	const headers = (): Readonly<Record<string, string>> =>
		key === undefined ? {} : { authorization: `Bearer ${key.reveal()}` };
	const ask = async (base: string, context: CallContext): Promise<ServerInfo> => {
		if (known !== undefined && pool.servers.length === 1) return { dialect: known, models: [] };
		return parseServerInfo(await prepareRequest(context, { url: joinUrl(base, "models"), headers: headers() }));
	};
	const look = async (handle: VideosHandle, context: CallContext): Promise<OperationStatus> => {
		const server = pool.serverOf(handle.server);
		const url = joinUrl(server.base, "videos", handle.id);
		const request = lookRequest(context, { url, headers: headers(), readableStatuses: MAY_HOLD_A_JOB });
		// A gateway keeps no jobs itself, and one that it does not show may have been paid for: nobody calls that lost.
		const answer = await (DIALECTS[handle.dialect].isEngine
			? pool.look(server, request, context, billedFor(handle.dialect))
			: pool.watch(server, request, context));
		// Servers that speak this protocol say "not yet" with nothing at all.
		if (answer.status < 300 && answer.json === undefined) return { state: "running" };
		const video = parseVideo(answer);
		// An engine tells of a job that failed with an error status.
		if (video !== undefined && (answer.status < 300 || video.status === "failed")) {
			return toStatus(video, handle.dialect, joinUrl(url.href, "content"), headers());
		}
		throw noVideoError(url.href, answer);
	};
	const cancel: VideoProvider["cancel"] = async (given, context) => {
		const handle = parseVideosHandle(given);
		const { base } = pool.serverOf(handle.server);
		if (!DIALECTS[handle.dialect].canAbort) return "unsupported";
		// To delete a finished job would be to delete its video.
		const { state } = await look(handle, context);
		if (state === "succeeded" || state === "failed") return "finished";
		const url = joinUrl(base, "videos", handle.id);
		const { json } = await lookRequest(context, { url, method: "DELETE", headers: headers() });
		return jsonAt(json, "deleted") === true ? "cancelled" : "requested";
	};

	return {
		id: "openai-videos",
		// There is a list of jobs, and nothing in it says whose one is: nothing can be looked up.
		traits: { ...PAID_SERVICE, cancel: mayAbort ? "best-effort" : "none" },
		account: accountFingerprint(key),
		...CATALOGUE,
		async start(request, context) {
			const serves = ({ models }: ServerInfo) => models.includes(request.model);
			const { server, info } = await pool.choose(({ base }) => ask(base, context), serves);
			// One without a list of models speaks the plain protocol.
			const dialect = known ?? info?.dialect ?? "plain";
			const { body, warnings } = toBody(request, dialect);
			const submission = { url: joinUrl(server.base, "videos"), headers: headers(), body, explain: explainRefusal };
			const answer = await pool.watch(server, submitRequest(context, submission), context);
			const id = submittedId(answer, jsonAt(answer.json, "id"), JOB_ID);
			return { handle: { server: server.fingerprint, id, dialect }, warnings };
		},
		status: async (handle, context) => look(parseVideosHandle(handle), context),
		...(mayAbort ? { cancel } : {}),
		// Who is there is not asked for here; the plain protocol claims the least.
		adopt: (operation) => ({ ...pool.adopt(operation, "videos", JOB_ID), dialect: known ?? "plain" }),
		check: async () => pool.check(key),
	};
};

/** The base with the version that people write or leave out. */
function withVersion(base: string): string {
	return /\/v\d+\w*$/.test(new URL(base).pathname) ? base : `${base}/v1`;
}

function parseDialect(text: string | undefined): Dialect | undefined {
	if (text === undefined || text === "auto") return undefined;
	const found = DIALECT_NAMES.find((name) => name === text.toLowerCase());
	if (found !== undefined) return found;
	throw new ConfigurationError(
		`OPENAI_VIDEOS_DIALECT: "${text}" is no dialect; write one of ${DIALECT_NAMES.join(", ")}, or unset it`,
	);
}
