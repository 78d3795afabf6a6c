import {
	accountFingerprint,
	type CallContext,
	ConfigurationError,
	InputError,
	isVideoError,
	joinUrl,
	jsonAt,
	lookRequest,
	type OperationStatus,
	type ProviderFactory,
	submitRequest,
	type VideoProvider,
} from "../../src/provider-kit/index.ts";
import { DIALECT_NAMES, DIALECTS, type Dialect } from "./dialects.ts";
import { explainRefusal, lostError, noVideoError } from "./errors.ts";
import { toBody, toStatus } from "./map.ts";
import { CATALOGUE } from "./models.ts";
import { createServers, type Server } from "./servers.ts";
import { JOB_ID, parseSubmission, parseVideo, parseVideosHandle, type VideosHandle } from "./wire.ts";

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
	const dialect = parseDialect(variables["OPENAI_VIDEOS_DIALECT"]);
	const servers = createServers(baseUrl ?? "", dialect);
	const mayAbort = dialect === undefined || DIALECTS[dialect].canAbort;

	const headers = (): Readonly<Record<string, string>> =>
		key === undefined ? {} : { authorization: `Bearer ${key.reveal()}` };
	const serverOf = ({ server: fingerprint }: VideosHandle): Server => {
		const found = servers.all.find((server) => server.fingerprint === fingerprint);
		if (found !== undefined) return found;
		throw new ConfigurationError(
			"the job is at a server that OPENAI_VIDEOS_BASE_URL does not name, and no other knows it; add its address again",
		);
	};
	const look = async (handle: VideosHandle, context: CallContext): Promise<OperationStatus> => {
		const server = serverOf(handle);
		const url = joinUrl(server.base, "videos", handle.id);
		const request = lookRequest(context, { url, headers: headers(), readableStatuses: MAY_HOLD_A_JOB });
		const answer = await servers.watch(server, request, context.signal).catch((error: unknown) => {
			const isLost = isVideoError(error) && error.code === "operation_not_found";
			throw isLost ? lostError(server.base, handle.dialect, error) : error;
		});
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
		const { base } = serverOf(handle);
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
		traits: {
			idempotency: "none",
			// There is a list, and nothing in it says whose a job is.
			lookup: "none",
			cancel: mayAbort ? "best-effort" : "none",
			billing: "paid",
			runsIn: "service",
			modelIds: "open",
		},
		account: accountFingerprint(key),
		...CATALOGUE,
		async start(request, context) {
			const { server, dialect: spoken } = await servers.choose(request.model, headers(), context);
			const { body, warnings } = toBody(request, spoken);
			const submission = { url: joinUrl(server.base, "videos"), headers: headers(), body, explain: explainRefusal };
			const answer = await servers.watch(server, submitRequest(context, submission), context.signal);
			return { handle: { server: server.fingerprint, id: parseSubmission(answer), dialect: spoken }, warnings };
		},
		status: async (handle, context) => look(parseVideosHandle(handle), context),
		...(mayAbort ? { cancel } : {}),
		// Who is there is not asked for here; the plain protocol claims the least.
		adopt: (operationId) => ({ ...findOperation(operationId, servers.all), dialect: dialect ?? "plain" }),
		async check() {
			const places = servers.all.map(({ base }) => base).join(", ");
			if (places !== "") {
				return {
					usable: true,
					detail: `requests go to ${places}; ${key === undefined ? "no key is sent" : "with a key"}`,
				};
			}
			return { usable: false, detail: "OPENAI_VIDEOS_BASE_URL is not set; write the address of a server that runs" };
		},
	};
};

/** The job that a user found: its id where there is one server, its whole address where there are more. */
function findOperation(text: string, servers: readonly Server[]): { readonly server: string; readonly id: string } {
	const named = servers.find(({ base }) => text.startsWith(`${base}/videos/`));
	const server = named ?? (servers.length === 1 ? servers[0] : undefined);
	const id = named === undefined ? text : text.slice(`${named.base}/videos/`.length);
	if (server !== undefined && JOB_ID.test(id)) return { server: server.fingerprint, id };
	const form =
		servers.length > 1 ? `its address, such as ${servers[0]?.base}/videos/id` : "the id that the server shows";
	throw new InputError("operation", `"${text}" does not lead to a job; write ${form}`);
}

function parseDialect(text: string | undefined): Dialect | undefined {
	if (text === undefined || text === "auto") return undefined;
	const found = DIALECT_NAMES.find((name) => name === text.toLowerCase());
	if (found !== undefined) return found;
	throw new ConfigurationError(
		`OPENAI_VIDEOS_DIALECT: "${text}" is no dialect; write one of ${DIALECT_NAMES.join(", ")}, or unset it`,
	);
}
