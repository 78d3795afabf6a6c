import { z } from "zod";
import { type OperationStatus, parseLook, parseSubmitted } from "../../../src/provider-kit/index.ts";
import { failed, kindOf, reasonOf, succeeded } from "../errors.ts";
import { handleBase, jobId, type Protocol } from "./protocol.ts";

const jobSchema = z.looseObject({
	id: jobId,
	status: z.string().optional(),
	error: z.unknown().optional(),
	outputs: z.looseObject({ video_url: z.unknown() }).nullish().catch(null),
});

/** Together's videos. */
export const together: Protocol<"together", { readonly id: string }> = {
	handle: handleBase.extend({ at: z.literal("together") }),
	submitted(answer) {
		const job = parseSubmitted(jobSchema, answer);
		return { place: { id: job.id }, status: toStatus(job) };
	},
	async look({ id }, ask) {
		return toStatus(parseLook(jobSchema, await ask(["v2", "videos", id])));
	},
};

function toStatus({ status, error, outputs }: z.infer<typeof jobSchema>): OperationStatus {
	const reason = reasonOf(error) ?? reasonOf({ error });
	switch (status) {
		case "completed":
			return succeeded(outputs?.video_url);
		case "failed":
			return failed(reason ?? "no reason was given", kindOf(reason ?? "", JSON.stringify(error ?? null)));
		case "cancelled":
		case "canceled":
			return failed(reason ?? "it was cancelled", "cancelled");
		case "queued":
			return { state: "queued" };
		default:
			return { state: "running" };
	}
}
