import { z } from "zod";
import {
	type HttpAnswer,
	type JsonValue,
	parseHandle,
	parseLook,
	parseSubmitted,
} from "../../src/provider-kit/index.ts";

const MODEL_ID = /^[A-Za-z0-9][\w.-]{0,99}$/;
const PROJECT = /^[a-z0-9][a-z0-9.:-]{0,99}$/;
const LOCATION = /^[a-z][a-z0-9-]{0,39}$/;
const INTERACTION_ID = /^[A-Za-z0-9][\w=-]{0,299}$/;
const GATEWAY_OPERATION = /^(?:models\/[A-Za-z0-9][\w.-]{0,99}\/)?operations\/[A-Za-z0-9][\w-]{0,199}$/;
const VERTEX_OPERATION =
	/^projects\/([a-z0-9][a-z0-9.:-]{0,99})\/locations\/([a-z][a-z0-9-]{0,39})\/publishers\/google\/models\/([A-Za-z0-9][\w.-]{0,99})\/operations\/[A-Za-z0-9][\w-]{0,99}$/;

/** An operation of Vertex in its parts. */
export interface VertexOperation {
	readonly project: string;
	readonly location: string;
	readonly model: string;
}

const text = (pattern: RegExp) => z.string().regex(pattern);
const handleSchema = z.union([
	z.strictObject({ via: z.literal("gemini"), id: text(INTERACTION_ID) }),
	z.strictObject({ via: z.literal("vertex"), id: text(INTERACTION_ID) }),
	z.strictObject({
		via: z.literal("vertex"),
		id: text(INTERACTION_ID),
		project: text(PROJECT),
		location: text(LOCATION),
	}),
	z.strictObject({ via: z.literal("vertex"), operation: text(VERTEX_OPERATION) }),
	z.strictObject({ via: z.literal("gateway"), operation: text(GATEWAY_OPERATION) }),
]);

/** What leads back to a generation: an interaction, or an operation of Veo. */
export type GoogleHandle = z.infer<typeof handleSchema>;

const rpcError = z.looseObject({
	code: z.union([z.number(), z.string()]).optional().catch(undefined),
	message: z.string().optional().catch(undefined),
	status: z.string().optional().catch(undefined),
});
/** An error in the answers of Google: its code is one of google.rpc, of HTTP, or a word. */
export type RpcError = z.infer<typeof rpcError>;

const content = z.looseObject({
	type: z.string().optional().catch(undefined),
	text: z.string().optional().catch(undefined),
	data: z.string().optional().catch(undefined),
	uri: z.string().optional().catch(undefined),
});
/** A part of what a model made: a text, or a video inline or by its address. */
export type InteractionContent = z.infer<typeof content>;

const interactionSchema = z.looseObject({
	status: z.string(),
	steps: z
		.array(
			z.looseObject({
				type: z.string().optional().catch(undefined),
				content: z.array(content).optional().catch(undefined),
				error: rpcError.optional().catch(undefined),
			}),
		)
		.optional()
		.catch(undefined),
	output_video: content.optional().catch(undefined),
	errors: z.array(rpcError).optional().catch(undefined),
	error: rpcError.optional().catch(undefined),
	usage: z
		.looseObject({
			output_tokens_by_modality: z
				.array(z.looseObject({ modality: z.string(), tokens: z.number() }))
				.optional()
				.catch(undefined),
		})
		.optional()
		.catch(undefined),
});
/** An interaction as the service shows it. */
export type Interaction = z.infer<typeof interactionSchema>;

const video = z.looseObject({
	bytesBase64Encoded: z.string().optional().catch(undefined),
	encodedVideo: z.string().optional().catch(undefined),
	gcsUri: z.string().optional().catch(undefined),
	uri: z.string().optional().catch(undefined),
});
/** A finished video of Veo, inline or by its address. */
export type PredictedVideo = z.infer<typeof video>;

const filtered = {
	raiMediaFilteredCount: z.number().optional().catch(undefined),
	raiMediaFilteredReasons: z.array(z.string()).optional().catch(undefined),
};
const operationSchema = z.looseObject({
	done: z.boolean().optional(),
	error: rpcError.optional(),
	response: z
		.looseObject({
			...filtered,
			videos: z.array(video).optional(),
			generateVideoResponse: z
				.looseObject({
					...filtered,
					generatedSamples: z.array(z.looseObject({ video: video.optional() })).optional(),
				})
				.optional(),
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
	const pattern = via === "vertex" ? VERTEX_OPERATION : GATEWAY_OPERATION;
	return parseSubmitted(z.looseObject({ name: text(pattern) }), answer).name;
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
	const [, project = "", location = "", model = ""] = VERTEX_OPERATION.exec(operation) ?? [];
	return { project, location, model };
}

/** Whether a text can be a model's id. */
export const isModelId = (id: string): boolean => MODEL_ID.test(id);
/** Whether a text can be the id of an interaction. */
export const isInteractionId = (id: string): boolean => INTERACTION_ID.test(id);
/** Whether a text can be the name of an operation there. */
export const isOperation = (name: string, via: "vertex" | "gateway"): boolean =>
	(via === "vertex" ? VERTEX_OPERATION : GATEWAY_OPERATION).test(name);
/** Whether a text can be a project. */
export const isProject = (project: string): boolean => PROJECT.test(project);
/** Whether a text can be a location. */
export const isLocation = (location: string): boolean => LOCATION.test(location);

const errorDetail = z.looseObject({
	reason: z.string().optional().catch(undefined),
	retryDelay: z.string().optional().catch(undefined),
	violations: z
		.array(z.looseObject({ quotaId: z.string().optional().catch(undefined) }))
		.optional()
		.catch(undefined),
});
const envelopeSchema = z.looseObject({
	error: rpcError.extend({ details: z.array(errorDetail).optional().catch(undefined) }),
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
	const parsed = envelopeSchema.safeParse(Array.isArray(json) ? json[0] : json);
	if (!parsed.success) return undefined;
	const { details = [], ...error } = parsed.data.error;
	const delays = details.flatMap(({ retryDelay }) => /^(\d{1,6}(?:\.\d+)?)s$/.exec(retryDelay ?? "")?.[1] ?? []);
	return {
		...error,
		reasons: details.flatMap(({ reason }) => reason ?? []),
		retryDelayMs: delays[0] === undefined ? undefined : Math.ceil(Number(delays[0]) * 1_000),
		isDaily: details.some(({ violations = [] }) => violations.some(({ quotaId }) => /PerDay/.test(quotaId ?? ""))),
	};
}
