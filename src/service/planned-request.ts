import { type Attempt, isVideoError } from "../errors/index.ts";
import type { Candidate, JobPlan } from "../operations/index.ts";
import type { Resilience } from "../policies/index.ts";
import type { VideoProvider, VideoTask } from "../provider/index.ts";

/** A model that would be asked. */
export interface PlannedModel {
	/** The reference, `provider:model`. */
	readonly model: string;
	/** What it should cost by the list price, in US dollars; absent when no price is known. */
	readonly estimatedCostUsd?: number;
	/** What would be changed to fit the request to it, in words. */
	readonly adjustments: readonly string[];
	/** Why it could not be asked now, such as a key that is not set; absent when nothing stands in the way. */
	readonly unusable?: string;
}

/** Why a provider cannot be used here and now; `undefined` when it can. */
export type FindObstacle = (provider: VideoProvider) => Promise<string | undefined>;

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
export async function plannedRequest(
	{ task, candidates, skipped, warnings }: JobPlan,
	resilience: Resilience,
	findObstacle: FindObstacle,
): Promise<PlannedRequest> {
	const models: PlannedModel[] = [];
	const left: Attempt[] = [...skipped];
	for (const candidate of candidates) {
		const { reference, provider } = candidate;
		const admission = resilience.admit({ ...reference, account: provider.account });
		if (admission.admitted) models.push(plannedModel(candidate, await findObstacle(provider)));
		else left.push({ model: reference.text, outcome: "skipped", billed: "no", reason: admission.message });
	}
	return { task, models, skipped: left, warnings };
}

/** Asks each provider once, as some start a process to find out. */
export function obstacleFinder(): FindObstacle {
	const found = new WeakMap<VideoProvider, Promise<string | undefined>>();
	return (provider) => {
		const obstacle = found.get(provider) ?? obstacleOf(provider);
		found.set(provider, obstacle);
		return obstacle;
	};
}

async function obstacleOf(provider: VideoProvider): Promise<string | undefined> {
	try {
		const check = await provider.check?.();
		return check === undefined || check.usable ? undefined : check.detail;
	} catch (error) {
		return isVideoError(error) ? error.message : "it could not be checked";
	}
}

function plannedModel(
	{ reference, estimatedCostUsd, warnings: adjustments }: Candidate,
	unusable: string | undefined,
): PlannedModel {
	return {
		model: reference.text,
		...(estimatedCostUsd === undefined ? {} : { estimatedCostUsd }),
		adjustments,
		...(unusable === undefined ? {} : { unusable }),
	};
}
