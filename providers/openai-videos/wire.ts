import { z } from "zod";
import {
	type HttpAnswer,
	InputError,
	type JsonObject,
	type JsonValue,
	parseHandle,
} from "../../src/provider-kit/index.ts";
import { DIALECT_NAMES, type Dialect } from "./dialects.ts";

/** The id of a job. Most are words; a gateway's are Base64, with a slash now and then, and never with a dot. */
export const JOB_ID = /^(?=.{1,400}$)(?:[A-Za-z0-9][A-Za-z0-9_.:-]*|video_[A-Za-z0-9+/_-]+={0,2})$/;

const handleSchema = z.strictObject({
	server: z.string().regex(/^[0-9a-f]{16}$/),
	id: z.string().regex(JOB_ID),
	dialect: z.enum(DIALECT_NAMES),
});

/** What leads back to a job: the server that took it, by its fingerprint, and the server's id. */
export type VideosHandle = z.infer<typeof handleSchema>;

/** A text that may be missing, or be something else. */
const text = z.string().nullish().catch(undefined);
const file = z.union([z.string(), z.object({ url: text })]);
/** Everything but the status is left out by one server or another. */
const videoSchema = z.looseObject({
	status: z.string(),
	progress: z.number().nullish().catch(undefined),
	url: text,
	output: z.array(file).nullish().catch(undefined),
	/** A text, or an object with a message, a code and a type. */
	error: z.json().optional(),
});

/** One look at a job. */
export type Video = z.infer<typeof videoSchema>;

/** A handle that came back. Throws `OperationNotFoundError` when it is not one of ours. */
export function parseVideosHandle(handle: JsonValue): VideosHandle {
	return parseHandle(handleSchema, handle);
}

/** The job in an answer; `undefined` when there is none. */
export function parseVideo({ json }: HttpAnswer): Video | undefined {
	return videoSchema.safeParse(json).data;
}

const modelsSchema = z.object({ data: z.array(z.object({ id: z.string(), owned_by: text })) });

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

/** How a server wants what the protocol leaves open, where its dialect does not say it. */
export type Formats = z.infer<typeof formatsSchema>;

/** The formats among what the user says to these servers alone. Throws `InputError` for one that is none. */
export function parseFormats(options: JsonObject): Formats {
	const parsed = formatsSchema.safeParse(options);
	if (parsed.success) return parsed.data;
	const name = String(parsed.error.issues[0]?.path[0]);
	throw new InputError(
		`providerOptions.openai-videos.${name}`,
		`${JSON.stringify(options[name])} is no format; secondsAs is "text", "number" or "suffixed", and frameAs "size" or "ratio"`,
	);
}
