/** A guess about a generation, from what its model usually takes or from how fast it has been. */
export interface ProgressEstimate {
	/** Share done, from 0 to below 1; absent when the service measures it itself. */
	readonly progress?: number;
	/** Until the video is generated, in milliseconds; absent when it takes longer than usual already. */
	readonly remainingMs?: number;
}

/** What is known of a generation that runs. */
export interface RunningGeneration {
	/** Share done, 0 to 1, when the service measures it. */
	readonly progress?: number | undefined;
	/** Since the acceptance, in milliseconds. */
	readonly elapsedMs: number;
	/** What the model usually takes, in milliseconds, when that is known. */
	readonly typicalMs?: number | undefined;
}

/** Up to the usual time an estimate grows evenly to this share, then ever more slowly: it never says "done". */
const SHARE_AT_TYPICAL = 0.9;
/** A smaller share says too little of the rate. */
const SMALLEST_MEASURED_SHARE = 0.05;

/** Estimates what a service does not tell; `undefined` when there is nothing to go by. */
export function estimateProgress({ progress, elapsedMs, typicalMs }: RunningGeneration): ProgressEstimate | undefined {
	if (progress !== undefined && progress >= SMALLEST_MEASURED_SHARE && progress <= 1) {
		return { remainingMs: Math.round((elapsedMs / progress) * (1 - progress)) };
	}
	if (typicalMs === undefined || typicalMs <= 0) return undefined;
	const remaining = elapsedMs < typicalMs ? { remainingMs: Math.round(typicalMs - elapsedMs) } : {};
	if (progress !== undefined) return remaining;
	const share =
		elapsedMs < typicalMs
			? (SHARE_AT_TYPICAL * elapsedMs) / typicalMs
			: 1 - ((1 - SHARE_AT_TYPICAL) * typicalMs) / elapsedMs;
	return { progress: share, ...remaining };
}
