import { z } from "zod";
import {
	isVideoError,
	OperationNotFoundError,
	type OperationStatus,
	parseLook,
	parseSubmitted,
	running,
} from "../../../src/provider-kit/index.ts";
import { failed, reasonOf, succeeded } from "../errors.ts";
import { handleBase, jobId, type Protocol } from "./protocol.ts";

const predictionSchema = z.looseObject({
	id: jobId,
	status: z.string(),
	output: z.unknown().optional(),
	error: z.unknown().optional(),
	logs: z.string().nullish().catch(null),
});

const NOT_SHOWN =
	"Hugging Face does not show this prediction of Replicate, which took longer than the minute that it waits; use " +
	"another inference provider for such clips, or Replicate's own key";

/** Replicate's predictions. */
export const replicate: Protocol<"replicate", { readonly id: string }> = {
	handle: handleBase.extend({ at: z.literal("replicate") }),
	submitted(answer) {
		const prediction = parseSubmitted(predictionSchema, answer);
		return { place: { id: prediction.id }, status: toStatus(prediction) };
	},
	async look({ id, route }, ask) {
		const answer = await ask(["v1", "predictions", id]).catch((error: unknown) => {
			if (route === "direct" || !isVideoError(error) || error.code !== "operation_not_found") throw error;
			throw new OperationNotFoundError(NOT_SHOWN, { phase: "poll", billed: "unknown", cause: error });
		});
		return toStatus(parseLook(predictionSchema, answer));
	},
};

/** An output before the end is not taken. A word that is not known means that it still runs. */
function toStatus({ status, output, error, logs }: z.infer<typeof predictionSchema>): OperationStatus {
	const reason = reasonOf(error);
	switch (status) {
		case "succeeded":
			return succeeded(output);
		case "failed":
			return failed(reason ?? "no reason was given");
		case "canceled":
		case "cancelled":
			return failed(reason ?? "it was cancelled", "cancelled");
		case "aborted": // Dropped before it ran, which Replicate does not charge.
			return { ...failed(reason ?? "it was dropped before it ran", "expired"), billed: "no" };
		case "starting":
			return { state: "queued" };
		default:
			return running(logs);
	}
}
