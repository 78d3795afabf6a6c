import type { Attempt } from "../errors/index.ts";
import type { Candidate, JobPlan } from "../operations/index.ts";
import type { Resilience } from "../policies/index.ts";
import type { VideoTask } from "../provider/index.ts";

/** A model that would be asked. */
export interface PlannedModel {
	/** The reference, `provider:model`. */
	readonly model: string;
	/** What it should cost by the list price, in US dollars; absent when no price is known. */
	readonly estimatedCostUsd?: number;
	/** What would be changed to fit the request to it, in words. */
	readonly adjustments: readonly string[];
}

/** What would be sent for a request, and to whom. */
export interface PlannedRequest {
	readonly task: VideoTask;
	/** The models in the order in which they would be tried. */
	readonly models: readonly PlannedModel[];
	/** Models that would not be asked, with the reason. */
	readonly skipped: readonly Attempt[];
	/** What holds whatever model serves it. */
	readonly warnings: readonly string[];
}

/** A plan as it is shown. A model that is left alone now is among the skipped. */
export function plannedRequest(
	{ task, candidates, skipped, warnings }: JobPlan,
	resilience: Resilience,
): PlannedRequest {
	const models: PlannedModel[] = [];
	const left: Attempt[] = [...skipped];
	for (const candidate of candidates) {
		const { reference, provider } = candidate;
		const admission = resilience.admit({ ...reference, account: provider.account });
		if (admission.admitted) models.push(plannedModel(candidate));
		else left.push({ model: reference.text, outcome: "skipped", billed: "no", reason: admission.message });
	}
	return { task, models, skipped: left, warnings };
}

function plannedModel({ reference, estimatedCostUsd, warnings: adjustments }: Candidate): PlannedModel {
	return {
		model: reference.text,
		...(estimatedCostUsd === undefined ? {} : { estimatedCostUsd }),
		adjustments,
	};
}
