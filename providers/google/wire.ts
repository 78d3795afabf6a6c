import { z } from "zod";
import {
	type HttpAnswer,
	type JsonValue,
	parseHandle,
	parseLook,
	parseSubmitted,
} from "../../src/provider-kit/index.ts";

/** The id of a model. */
export const MODEL_ID = /^[A-Za-z0-9][\w.-]{0,99}$/;
/** A project of Google Cloud. */
export const PROJECT = /^[a-z0-9][a-z0-9.:-]{0,99}$/;
/** A location of Vertex. */
export const LOCATION = /^[a-z][a-z0-9-]{0,39}$/;
/** The id of an interaction. */
export const INTERACTION_ID = /^[A-Za-z0-9][\w=-]{0,299}$/;
/** The name of an operation of Veo, by where it is. */
export const OPERATION = {
	gateway: /^(?:models\/[A-Za-z0-9][\w.-]{0,99}\/)?operations\/[A-Za-z0-9][\w-]{0,199}$/,
	vertex:
		/^projects\/([a-z0-9][a-z0-9.:-]{0,99})\/locations\/([a-z][a-z0-9-]{0,39})\/publishers\/google\/models\/([A-Za-z0-9][\w.-]{0,99})\/operations\/[A-Za-z0-9][\w-]{0,99}$/,
};

/** An operation of Vertex in its parts. */
export interface VertexOperation {
	readonly project: string;
	readonly location: string;
	readonly model: string;
}

const text = (pattern: RegExp) => z.string().regex(pattern);
/** A field that may be missing; one of another type is taken for missing. */
const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);
const handleSchema = z.union([
	z.strictObject({ via: z.literal("gemini"), id: text(INTERACTION_ID) }),
	z.strictObject({ via: z.literal("vertex"), id: text(INTERACTION_ID) }),
	z.strictObject({
		via: z.literal("vertex"),
		id: text(INTERACTION_ID),
		project: text(PROJECT),
		location: text(LOCATION),
	}),
	z.strictObject({ via: z.literal("vertex"), operation: text(OPERATION.vertex) }),
	z.strictObject({ via: z.literal("gateway"), operation: text(OPERATION.gateway) }),
]);

/** What leads back to a generation: an interaction, or an operation of Veo. */
export type GoogleHandle = z.infer<typeof handleSchema>;

const rpcError = z.looseObject({
	code: maybe(z.union([z.number(), z.string()])),
	message: maybe(z.string()),
	status: maybe(z.string()),
});
/** An error in the answers of Google: its code is one of google.rpc, of HTTP, or a word. */
export type RpcError = z.infer<typeof rpcError>;

const content = z.looseObject({
	type: maybe(z.string()),
	text: maybe(z.string()),
	data: maybe(z.string()),
	uri: maybe(z.string()),
});
/** A part of what a model made: a text, or a video inline or by its address. */
export type InteractionContent = z.infer<typeof content>;

const step = z.looseObject({ type: maybe(z.string()), content: maybe(z.array(content)), error: maybe(rpcError) });
const usage = z.looseObject({
	output_tokens_by_modality: maybe(z.array(z.looseObject({ modality: z.string(), tokens: z.number() }))),
});
const interactionSchema = z.looseObject({
	status: z.string(),
	steps: maybe(z.array(step)),
	output_video: maybe(content),
	errors: maybe(z.array(rpcError)),
	error: maybe(rpcError),
	usage: maybe(usage),
});
/** An interaction as the service shows it. */
export type Interaction = z.infer<typeof interactionSchema>;

const video = z.looseObject({
	bytesBase64Encoded: maybe(z.string()),
	encodedVideo: maybe(z.string()),
	gcsUri: maybe(z.string()),
	uri: maybe(z.string()),
});
const filtered = {
	raiMediaFilteredCount: maybe(z.number()),
	raiMediaFilteredReasons: maybe(z.array(z.string())),
};
const samples = z.array(z.looseObject({ video: video.optional() })).optional();
const operationSchema = z.looseObject({
	done: z.boolean().optional(),
	error: rpcError.optional(),
	response: z
		.looseObject({
			...filtered,
			videos: z.array(video).optional(),
			generateVideoResponse: z.looseObject({ ...filtered, generatedSamples: samples }).optional(),
		})
		.optional(),
});
/** An operation of Veo, in the words of Vertex or of the Gemini API. */
export type Operation = z.infer<typeof operationSchema>;

/** A handle that came back. Throws `OperationNotFoundError` when it is not one of ours. */
export function parseGoogleHandle(handle: JsonValue): GoogleHandle {
	return parseHandle(handleSchema, handle);
}

/** The id of the interaction that a submission made. */
export function parseCreated(answer: HttpAnswer): string {
	return parseSubmitted(z.looseObject({ id: text(INTERACTION_ID) }), answer).id;
}

/** The name of the operation that a submission made. */
export function parsePredicted(answer: HttpAnswer, via: "vertex" | "gateway"): string {
	return parseSubmitted(z.looseObject({ name: text(OPERATION[via]) }), answer).name;
}

/** An interaction at a look. Throws a retryable `ProviderError` when the answer is none. */
export function parseInteraction(answer: HttpAnswer): Interaction {
	return parseLook(interactionSchema, answer);
}

/** An operation at a look. Throws a retryable `ProviderError` when the answer is none. */
export function parseOperation(answer: HttpAnswer): Operation {
	return parseLook(operationSchema, answer);
}

/** The parts of an operation's name on Vertex. */
export function partsOf(operation: string): VertexOperation {
	const [, project = "", location = "", model = ""] = OPERATION.vertex.exec(operation) ?? [];
	return { project, location, model };
}

const violation = z.looseObject({ quotaId: maybe(z.string()) });
const errorDetail = z.looseObject({
	reason: maybe(z.string()),
	retryDelay: maybe(z.string()),
	violations: maybe(z.array(violation)),
});
const envelopeSchema = z.looseObject({
	error: rpcError.extend({ details: maybe(z.array(errorDetail)) }),
});

/** What an answer with an error status says. */
export interface GoogleError extends RpcError {
	/** Machine-readable reasons, such as `API_KEY_INVALID`. */
	readonly reasons: readonly string[];
	/** What Google asks to wait, in milliseconds. */
	readonly retryDelayMs: number | undefined;
	/** Whether a day's quota is used up. */
	readonly isDaily: boolean;
}

/** The error in an answer; `undefined` when there is none. Google's front end puts it into a list. */
export function parseGoogleError(json: JsonValue | undefined): GoogleError | undefined {
	const said = envelopeSchema.safeParse(Array.isArray(json) ? json[0] : json).data;
	if (said === undefined) return undefined;
	const { details = [], ...error } = said.error;
	const delays = details.flatMap(({ retryDelay }) => /^(\d{1,6}(?:\.\d+)?)s$/.exec(retryDelay ?? "")?.[1] ?? []);
	return {
		...error,
		reasons: details.flatMap(({ reason }) => reason ?? []),
		retryDelayMs: delays[0] === undefined ? undefined : Math.ceil(Number(delays[0]) * 1_000),
		isDaily: details.some(({ violations = [] }) => violations.some(({ quotaId }) => /PerDay/.test(quotaId ?? ""))),
	};
}
