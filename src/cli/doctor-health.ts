import type { ServiceHealth } from "../index.ts";
import { clockText } from "./amounts.ts";

type Stats = NonNullable<ServiceHealth["stats"]>;

/**
 * How each model is, in words, in a row of its own: what is left alone and until when, what went wrong last,
 * how many jobs succeeded, and what they usually take. Accounts have rows of their own where they differ.
 */
export function healthRows(health: readonly ServiceHealth[], nowMs: number): readonly (readonly string[])[] {
	return [...Map.groupBy(health, ({ model }) => model)].flatMap(([model, accounts]) => {
		const texts = accounts.map((account) => stateText(account, nowMs));
		if (new Set(texts).size === 1) return [[model, texts[0] ?? ""]];
		return accounts.map(({ account }, index) => [
			model,
			`${account === undefined ? "no account" : `account ${account}`}: ${texts[index]}`,
		]);
	});
}

function stateText({ stages, quarantine, stats }: ServiceHealth, nowMs: number): string {
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
	const hasFailed = stats !== undefined && stats.successRate < 1;
	if (said.length === 0 && !hasFailed) said.push("well");
	if (stats !== undefined) said.push(statsText(stats));
	return said.join("; ");
}

function statsText({ medianMs, successRate, recentSamples }: Stats): string {
	const jobs = recentSamples === 1 ? "1 job" : `${recentSamples} jobs`;
	const succeeded = Math.round(successRate * recentSamples);
	if (medianMs === undefined) return `${recentSamples - succeeded} of ${jobs} failed`;
	const share = succeeded === recentSamples ? jobs : `${succeeded} of ${jobs} succeeded`;
	return `usually takes ${(medianMs / 1000).toFixed(1)} s (${share})`;
}
