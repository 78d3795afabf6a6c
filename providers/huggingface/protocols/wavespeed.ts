import { z } from "zod";
import { type OperationStatus, parseLook, parseSubmitted } from "../../../src/provider-kit/index.ts";
import { failed, reasonOf, succeeded } from "../errors.ts";
import { handleBase, jobId, type Protocol } from "./protocol.ts";

const submittedSchema = z.looseObject({
	data: z.looseObject({ id: jobId, urls: z.looseObject({ get: z.string() }).optional().catch(undefined) }),
});
const predictionSchema = z.looseObject({
	data: z.looseObject({
		status: z.string(),
		outputs: z.array(z.unknown()).nullish().catch(null),
		has_nsfw_contents: z.array(z.boolean()).nullish().catch(null),
		error: z.unknown().optional(),
	}),
});
type Prediction = z.infer<typeof predictionSchema>["data"];

/** What leads back to a prediction. */
export interface WavespeedPlace {
	readonly id: string;
	/** Set where the prediction itself is asked for, and not its result. */
	readonly whole?: true | undefined;
}

/** WaveSpeed's predictions, each answer in an envelope. */
export const wavespeed: Protocol<"wavespeed", WavespeedPlace> = {
	handle: handleBase.extend({ at: z.literal("wavespeed"), whole: z.literal(true).optional() }),
	submitted(answer) {
		const { id, urls } = parseSubmitted(submittedSchema, answer).data;
		const path = URL.parse(urls?.get ?? "")?.pathname ?? "";
		return { place: path.endsWith(`/api/v3/predictions/${id}`) ? { id, whole: true } : { id } };
	},
	async look({ id, whole }, ask) {
		const path = ["api", "v3", "predictions", id];
		return toStatus(parseLook(predictionSchema, await ask(whole === true ? path : [...path, "result"])).data);
	},
};

function toStatus({ status, outputs, has_nsfw_contents: flags, error }: Prediction): OperationStatus {
	const flagged = (flags ?? []).filter(Boolean).length;
	switch (status) {
		case "completed": {
			if ((outputs ?? []).length === 0 && flagged > 0) return failed("its content was refused", "refused");
			const note = `${flagged} of ${flags?.length ?? 0} videos are marked as unfit, and may be missing`;
			return succeeded(outputs, flagged === 0 ? [] : [note]);
		}
		case "failed": {
			const reason = reasonOf(error) ?? "no reason was given";
			return flagged > 0 ? failed(reason, "refused") : failed(reason);
		}
		case "cancelled":
		case "canceled":
			return failed(reasonOf(error) ?? "it was cancelled", "cancelled");
		case "created":
			return { state: "queued" };
		default:
			return { state: "running" };
	}
}
