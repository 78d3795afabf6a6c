import {
	accountFingerprint,
	type CallContext,
	ConfigurationError,
	type HttpAnswer,
	InputError,
	isVideoError,
	type JsonObject,
	joinUrl,
	jsonAt,
	lookRequest,
	type OperationStatus,
	ProviderError,
	type ProviderFactory,
	submitRequest,
	type VideoProvider,
} from "../../src/provider-kit/index.ts";
import { DIALECT_NAMES, DIALECTS, type Dialect } from "./dialects.ts";
import { explainRefusal, lostError, noVideoError } from "./errors.ts";
import { toBody, toStatus } from "./map.ts";
import { MODELS } from "./models.ts";
import { createServers, type Server } from "./servers.ts";
import { findVideo, isJobId, parseSubmission, parseVideo, parseVideosHandle, type VideosHandle } from "./wire.ts";

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
		try {
			const answer = await lookRequest(context, { url, headers: headers(), readableStatuses: MAY_HOLD_A_JOB });
			servers.note(server, true);
			return readLook(answer, handle, url, headers());
		} catch (error) {
			if (isVideoError(error) && error.code === "operation_not_found") {
				throw lostError(server.base, handle.dialect, error);
			}
			if (hasNoAnswer(error)) servers.note(server, false);
			throw error;
		}
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
		...(key === undefined ? {} : { account: accountFingerprint(key) }),
		model: (id) => MODELS.get(id),
		models: () => [...MODELS.values()],
		async start(request, { fetch, signal }) {
			const context = { fetch, signal };
			const { server, dialect: spoken } = await servers.choose(request.model, headers(), context);
			const { body, warnings } = toBody(request, spoken);
			const url = joinUrl(server.base, "videos");
			const submission = { url, headers: headers(), body, explain: explainRefusal };
			const answer = await submitRequest(context, submission).catch((error: unknown) => {
				if (hasNoAnswer(error) && !signal.aborted) servers.note(server, false);
				throw error;
			});
			const id = parseSubmission(answer);
			return { handle: { server: server.fingerprint, id, dialect: spoken }, warnings };
		},
		status: async (handle, context) => look(parseVideosHandle(handle), context),
		...(mayAbort ? { cancel } : {}),
		adopt(operationId): JsonObject {
			// Who is there is not asked for here; the plain protocol claims the least.
			return { ...findOperation(operationId, servers.all), dialect: dialect ?? "plain" };
		},
		async check() {
			if (servers.all.length === 0) {
				return { usable: false, detail: "OPENAI_VIDEOS_BASE_URL is not set; write the address of a server that runs" };
			}
			const places = servers.all.map(({ base }) => base).join(", ");
			return {
				usable: true,
				detail: `requests go to ${places}; ${key === undefined ? "no key is sent" : "with a key"}`,
			};
		},
	};
};

/** Reads an answer that may be a job: an engine tells of a failed one with an error status. */
function readLook(
	answer: HttpAnswer,
	{ dialect }: VideosHandle,
	url: URL,
	headers: Readonly<Record<string, string>>,
): OperationStatus {
	const isSuccess = answer.status < 300;
	// Servers that speak this protocol say "not yet" with nothing at all.
	if (isSuccess && answer.json === undefined) return { state: "running" };
	const video = isSuccess ? parseVideo(answer) : findVideo(answer);
	if (video === undefined || (!isSuccess && video.status !== "failed")) throw noVideoError(url.href, answer);
	return toStatus(video, dialect, joinUrl(url.href, "content"), headers);
}

/** The job that a user found: its id where there is one server, its whole address where there are more. */
function findOperation(text: string, servers: readonly Server[]): { readonly server: string; readonly id: string } {
	const named = servers.find(({ base }) => text.startsWith(`${base}/videos/`));
	const server = named ?? (servers.length === 1 ? servers[0] : undefined);
	const id = named === undefined ? text : text.slice(`${named.base}/videos/`.length);
	if (server !== undefined && isJobId(id)) return { server: server.fingerprint, id };
	const form =
		servers.length > 1 ? `its address, such as ${servers[0]?.base}/videos/id` : "the id that the server shows";
	throw new InputError("operation", `"${text}" does not lead to a job; write ${form}`);
}

/** Whether a request went without any answer, so that its server may be down. */
function hasNoAnswer(error: unknown): boolean {
	return error instanceof ProviderError && error.status === undefined;
}

function parseDialect(text: string | undefined): Dialect | undefined {
	if (text === undefined || text === "auto") return undefined;
	const found = DIALECT_NAMES.find((name) => name === text.toLowerCase());
	if (found !== undefined) return found;
	throw new ConfigurationError(
		`OPENAI_VIDEOS_DIALECT: "${text}" is no dialect; write one of ${DIALECT_NAMES.join(", ")}, or unset it`,
	);
}
