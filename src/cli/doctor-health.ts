import type { ServiceHealth } from "../index.ts";
import { clockText } from "./amounts.ts";

/** How a model is, in words: what is left alone and until when, what went wrong last, what jobs usually take. */
export function healthRow({ model, stages, quarantine, stats }: ServiceHealth, nowMs: number): readonly string[] {
	const said: string[] = [];
	if (quarantine !== undefined) said.push(`left alone: ${quarantine.message}`);
	for (const [stage, { state, nextProbeAtMs, lastError }] of Object.entries(stages)) {
		if (state !== "closed") {
			const wait =
				nextProbeAtMs === undefined ? "" : `, next try in ${clockText(Math.max(0, nextProbeAtMs - nowMs) / 1000)}`;
			said.push(`${stage}: breaker ${state}${wait}`);
		}
		if (lastError !== undefined) {
			said.push(`last ${stage} error: ${lastError.code}, ${clockText(Math.max(0, nowMs - lastError.atMs) / 1000)} ago`);
		}
	}
	if (said.length === 0) said.push("well");
	if (stats?.medianMs !== undefined) {
		const jobs = stats.samples === 1 ? "1 job" : `${stats.samples} jobs`;
		said.push(`usually takes ${(stats.medianMs / 1000).toFixed(1)} s (${jobs})`);
	}
	return [model, said.join("; ")];
}
