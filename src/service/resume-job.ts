import { randomUUID } from "node:crypto";
import { InputError } from "../errors/index.ts";
import type { AttemptRecord, JobPlan, TokenContent } from "../operations/index.ts";
import type { ProviderRegistry } from "./provider-registry.ts";

/** A job that is taken up again: a plan that can send nothing, and the attempt that was accepted. */
export interface ResumedJob {
	readonly plan: JobPlan;
	readonly attempt: AttemptRecord;
}

/**
 * Finds the operation behind a token. The job begins as accepted, so nothing can be submitted again.
 *
 * Throws `InputError` (field `token`) when its provider is not here.
 */
export async function planResumedJob(content: TokenContent, registry: ProviderRegistry): Promise<ResumedJob> {
	if (!registry.ids.includes(content.provider)) {
		throw new InputError(
			"token",
			`the job is at provider "${content.provider}", which is not here; add it with register()`,
		);
	}
	const provider = await registry.get(content.provider);
	const text = `${content.provider}:${content.model}`;
	const submittedAt = new Date(content.submittedAtMs).toISOString();
	const { handle, submittedAtMs: acceptedAtMs } = content;
	const billed = provider.traits.billing === "free" ? "no" : "yes";
	return {
		plan: {
			id: content.jobId,
			task: "text-to-video",
			candidates: [
				{
					reference: { provider: content.provider, model: content.model, text },
					provider,
					capabilities: provider.model(content.model),
					request: { task: "text-to-video", model: content.model, prompt: "", providerOptions: {} },
					warnings: [],
				},
			],
			skipped: [],
			idempotencyKey: randomUUID(),
			inputHash: "",
			warnings: [],
		},
		attempt: { model: text, outcome: "accepted", billed, submittedAt, handle, acceptedAtMs },
	};
}
