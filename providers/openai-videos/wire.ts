import { z } from "zod";
import {
	type HttpAnswer,
	InputError,
	type JsonObject,
	type JsonValue,
	jsonAt,
	parseHandle,
	parseLook,
	parseSubmitted,
} from "../../src/provider-kit/index.ts";
import { DIALECT_NAMES, type Dialect, type SecondsFormat } from "./dialects.ts";

/** Most ids are words. A gateway's are Base64, with a slash now and then, and never with a dot. */
const JOB_ID = /^(?:[A-Za-z0-9][A-Za-z0-9_.:-]*|video_[A-Za-z0-9+/_-]+={0,2})$/;
const LONGEST_JOB_ID = 400;

const jobId = z.string().regex(JOB_ID).max(LONGEST_JOB_ID);

const handleSchema = z.strictObject({
	server: z.string().regex(/^[0-9a-f]{16}$/),
	id: jobId,
	dialect: z.enum(DIALECT_NAMES),
});

/** What leads back to a job: the server that took it, by its fingerprint, and the server's id. */
export type VideosHandle = z.infer<typeof handleSchema>;

const word = z.union([z.string(), z.number()]).nullish().catch(undefined);
const url = z.string().nullish().catch(undefined);

/** Everything but the status is left out by one server or another. */
const videoSchema = z.looseObject({
	object: z.string().optional().catch(undefined),
	status: z.string(),
	progress: z.number().nullish().catch(undefined),
	url,
	output: z
		.array(z.union([z.string(), z.looseObject({ url }).transform(({ url: inner }) => inner)]))
		.nullish()
		.catch(undefined),
	error: z
		.union([z.string().transform((message) => ({ message, code: undefined, type: undefined })), errorSchema()])
		.nullish()
		.catch(undefined),
});

/** One look at a job. */
export type Video = z.infer<typeof videoSchema>;

function errorSchema() {
	return z.looseObject({ message: z.string().nullish().catch(undefined), code: word, type: word });
}

/** A handle that came back. Throws `OperationNotFoundError` when it is not one of ours. */
export function parseVideosHandle(handle: JsonValue): VideosHandle {
	return parseHandle(handleSchema, handle);
}

/** Whether a text is what the ids of jobs look like. */
export function isJobId(id: string): boolean {
	return jobId.safeParse(id).success;
}

/** The id in the answer to a submission. Throws `ProviderError` with `billed: "unknown"` when there is none. */
export function parseSubmission(answer: HttpAnswer): string {
	return parseSubmitted(z.looseObject({ id: jobId }), answer).id;
}

/** The job in an answer. Throws a retryable `ProviderError` when there is none. */
export function parseVideo(answer: HttpAnswer): Video {
	return parseLook(videoSchema, answer);
}

/** The job in an answer; `undefined` when there is none. */
export function findVideo({ json }: HttpAnswer): Video | undefined {
	const parsed = videoSchema.safeParse(json);
	return parsed.success ? parsed.data : undefined;
}

const modelsSchema = z.looseObject({
	data: z.array(z.looseObject({ id: z.string(), owned_by: z.string().nullish().catch(undefined) })),
});

/** What a server says about itself. */
export interface ServerInfo {
	readonly dialect: Dialect;
	/** The models that it lists; empty when it does not say. */
	readonly models: readonly string[];
}

const OWNERS: Readonly<Record<string, Dialect>> = { vllm: "vllm-omni", sglang: "sglang", fastvideo: "fastvideo" };

/** Who answers, as the list of its models tells: engines sign it, and the gateway adds headers. */
export function parseServerInfo({ json, headers }: HttpAnswer): ServerInfo {
	const parsed = modelsSchema.safeParse(json);
	const listed = parsed.success ? parsed.data.data : [];
	const owners = listed.map(({ owned_by: owner }) => OWNERS[owner?.split("-")[0] ?? ""]);
	const isGateway = [...headers.keys()].some((name) => name.startsWith("x-litellm-"));
	// A gateway repeats the signatures of what is behind it.
	const dialect = isGateway ? "litellm" : (owners.find((owner) => owner !== undefined) ?? "plain");
	return { dialect, models: listed.map(({ id }) => id) };
}

/** How a server wants what the protocol leaves open, where the dialect does not say it. */
export interface OwnStyle {
	readonly secondsAs: SecondsFormat | undefined;
	/** `size`: `"1280x720"`. `ratio`: `aspect_ratio` and `resolution` as they were given. */
	readonly frameAs: "size" | "ratio" | undefined;
}

const styleSchema = z.looseObject({
	secondsAs: z.enum(["text", "number", "suffixed"]).optional(),
	frameAs: z.enum(["size", "ratio"]).optional(),
});

/** The user's style, and everything else, which is sent as it is. Throws `InputError` for a style that is none. */
export function parseProviderOptions(options: JsonObject): { readonly style: OwnStyle; readonly fields: JsonObject } {
	const parsed = styleSchema.safeParse(options);
	if (!parsed.success) {
		const name = String(parsed.error.issues[0]?.path[0]);
		const given = JSON.stringify(jsonAt(options, name));
		throw new InputError(
			`providerOptions.openai-videos.${name}`,
			`${given} is no format; secondsAs is "text", "number" or "suffixed", and frameAs "size" or "ratio"`,
		);
	}
	const { secondsAs, frameAs, ...fields } = options;
	return { style: { secondsAs: parsed.data.secondsAs, frameAs: parsed.data.frameAs }, fields };
}
