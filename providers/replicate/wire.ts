import { z } from "zod";
import {
	type HttpAnswer,
	type ListedOperation,
	parseLook,
	parseSubmitted,
	urlsIn,
} from "../../src/provider-kit/index.ts";

/** What the ids of predictions look like. */
export const PREDICTION_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const MODEL_ID = /^(\w[\w.-]{0,99})\/(\w[\w.-]{0,99})(?::([0-9a-f]{32,64}))?$/;

const predictionSchema = z.looseObject({
	id: z.string().regex(PREDICTION_ID),
	status: z.string(),
	output: z.unknown().optional(),
	error: z.unknown().optional(),
	logs: z.string().nullish().catch(null),
	data_removed: z.boolean().nullish().catch(null),
});

/** A prediction as the service shows it. */
export type Prediction = z.infer<typeof predictionSchema>;

const listSchema = z.looseObject({
	next: z.string().nullish(),
	results: z.array(
		z.looseObject({
			id: z.string().regex(PREDICTION_ID),
			model: z.string().nullish(),
			input: z.unknown().optional(),
			created_at: z.string(),
		}),
	),
});

/** A model's id in its parts. */
export interface ModelParts {
	readonly owner: string;
	readonly name: string;
	/** The hash after the colon; `undefined` for a model that is run by its name. */
	readonly version: string | undefined;
}

/** The parts of `owner/name` or `owner/name:version`; `undefined` for anything else. */
export function parseModelId(model: string): ModelParts | undefined {
	const [, owner, name, version] = MODEL_ID.exec(model) ?? [];
	return owner === undefined || name === undefined ? undefined : { owner, name, version };
}

/** The prediction in the answer to a submission. Throws `ProviderError` with `billed: "unknown"` when there is none. */
export function parseSubmission(answer: HttpAnswer): Prediction {
	return parseSubmitted(predictionSchema, answer);
}

/** The prediction in any other answer. Throws a retryable `ProviderError` when there is none. */
export function parsePrediction(answer: HttpAnswer): Prediction {
	return parseLook(predictionSchema, answer);
}

/**
 * The predictions of a model since a time, the newest first; `undefined` when the page does not reach back to
 * it, so that others may be missing.
 */
export function parsePredictions(
	answer: HttpAnswer,
	model: string,
	sinceMs: number,
): readonly ListedOperation[] | undefined {
	const { next, results } = parseLook(listSchema, answer);
	const recent = results.filter(({ created_at: at }) => !(Date.parse(at) < sinceMs));
	if (typeof next === "string" && recent.length === results.length) return undefined;
	return recent
		.filter((prediction) => typeof prediction.model !== "string" || prediction.model === model)
		.map(({ id, input }) => ({ id, input }));
}

/** Every URL in an output, whatever its shape; those that are named as videos first. */
export function videosIn(output: unknown): readonly string[] {
	const urls = urlsIn(output);
	const isVideo = (url: string) => /\.(?:mp4|webm|mov|mkv|m4v)$/i.test(new URL(url).pathname);
	return [...urls.filter(isVideo), ...urls.filter((url) => !isVideo(url))];
}
