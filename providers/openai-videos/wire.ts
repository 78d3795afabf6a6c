import { z } from "zod";
import {
	type HttpAnswer,
	InputError,
	type JsonObject,
	type JsonValue,
	parseHandle,
	parseSubmitted,
} from "../../src/provider-kit/index.ts";
import { DIALECT_NAMES, type Dialect } from "./dialects.ts";

/** The id of a job. Most are words; a gateway's are Base64, with a slash now and then, and never with a dot. */
export const JOB_ID = /^(?=.{1,400}$)(?:[A-Za-z0-9][A-Za-z0-9_.:-]*|video_[A-Za-z0-9+/_-]+={0,2})$/;

const jobId = z.string().regex(JOB_ID);
const handleSchema = z.strictObject({
	server: z.string().regex(/^[0-9a-f]{16}$/),
	id: jobId,
	dialect: z.enum(DIALECT_NAMES),
});

/** What leads back to a job: the server that took it, by its fingerprint, and the server's id. */
export type VideosHandle = z.infer<typeof handleSchema>;

const url = z.string().nullish().catch(undefined);

/** Everything but the status is left out by one server or another. */
const videoSchema = z.looseObject({
	status: z.string(),
	progress: z.number().nullish().catch(undefined),
	url,
	output: z
		.array(z.union([z.string(), z.looseObject({ url }).transform(({ url: inner }) => inner)]))
		.nullish()
		.catch(undefined),
	/** A text, or an object with a message, a code and a type. */
	error: z.json().optional(),
});

/** One look at a job. */
export type Video = z.infer<typeof videoSchema>;

/** A handle that came back. Throws `OperationNotFoundError` when it is not one of ours. */
export function parseVideosHandle(handle: JsonValue): VideosHandle {
	return parseHandle(handleSchema, handle);
}

/** The id in the answer to a submission. Throws `ProviderError` with `billed: "unknown"` when there is none. */
export function parseSubmission(answer: HttpAnswer): string {
	return parseSubmitted(z.looseObject({ id: jobId }), answer).id;
}

/** The job in an answer; `undefined` when there is none. */
export function parseVideo({ json }: HttpAnswer): Video | undefined {
	return videoSchema.safeParse(json).data;
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
	const listed = modelsSchema.safeParse(json).data?.data ?? [];
	const owners = listed.map(({ owned_by: owner }) => OWNERS[owner?.split("-")[0] ?? ""]);
	const isGateway = [...headers.keys()].some((name) => name.startsWith("x-litellm-"));
	// A gateway repeats the signatures of what is behind it.
	const dialect = isGateway ? "litellm" : (owners.find((owner) => owner !== undefined) ?? "plain");
	return { dialect, models: listed.map(({ id }) => id) };
}

const formatsSchema = z.object({
	secondsAs: z.enum(["text", "number", "suffixed"]).optional(),
	frameAs: z.enum(["size", "ratio"]).optional(),
});

/** How a server wants what the protocol leaves open, where the dialect does not say it, and what else the user sends. */
export interface OwnOptions extends z.infer<typeof formatsSchema> {
	readonly fields: JsonObject;
}

/** What the user says to these servers alone. Throws `InputError` for a format that is none. */
export function parseProviderOptions({ secondsAs, frameAs, ...fields }: JsonObject): OwnOptions {
	const formats = { secondsAs, frameAs };
	const parsed = formatsSchema.safeParse(formats);
	if (parsed.success) return { ...parsed.data, fields };
	const name = parsed.error.issues[0]?.path[0] === "frameAs" ? "frameAs" : "secondsAs";
	throw new InputError(
		`providerOptions.openai-videos.${name}`,
		`${JSON.stringify(formats[name])} is no format; secondsAs is "text", "number" or "suffixed", and frameAs "size" or "ratio"`,
	);
}
