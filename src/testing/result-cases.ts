import assert from "node:assert/strict";
import type { OperationStatus, VideoAsset } from "../provider/index.ts";
import type { HttpContract } from "./contract-options.ts";
import { faults } from "./faults.ts";
import { TINY_VIDEO } from "./tiny-video.ts";
import type { Trial, TrialCase } from "./trial.ts";

/** What an adapter says about a finished video: an address that works, and who may see the key there. */
export function resultCases({ dialect }: HttpContract): readonly TrialCase[] {
	return [
		{
			name: "leads to the video",
			check: async (trial) => {
				const asset = await assetOf(trial);
				assert.deepEqual(await fetchAsset(asset), { status: 200, isVideo: true });
			},
		},
		{
			name: "leads to the video again when its address has expired",
			check: async (trial) => {
				trial.service.script({ state: "succeeded" });
				const handle = await trial.handle();
				await finished(trial, handle);
				trial.service.expireResults();
				assert.deepEqual(await fetchAsset(await finished(trial, handle)), { status: 200, isVideo: true });
			},
		},
		{
			name: "lets the key go to the service's own origin only, and in no URL",
			check: async (trial) => {
				const asset = await assetOf(trial);
				if (asset.kind !== "url") return;
				assert.ok(!decodeURIComponent(asset.url).includes(trial.apiKey), "the key is in the result's URL");
				const own = new URL(trial.service.baseUrl).origin;
				assert.deepEqual(asset.credentialOrigins?.filter((origin) => origin !== own) ?? [], []);
			},
		},
		{
			name: "keeps the key from a result at another origin",
			check: async (trial) => {
				const handle = await trial.handle();
				const { origin } = trial.service.stranger;
				trial.service.next("look", faults.show({ state: "succeeded", resultUrl: `${origin}/video.mp4` }));
				const status = await trial.look(handle).catch((): undefined => undefined);
				const [asset] = status?.state === "succeeded" ? status.assets : [];
				const allowed = asset?.kind === "url" ? (asset.credentialOrigins ?? []) : [];
				assert.ok(!allowed.includes(origin), "another origin may see the headers");
				const [job] = trial.service.jobs;
				if (dialect.namesResult !== false || asset?.kind !== "url" || job === undefined) return;
				// A look that names the video could name another origin, which this case has not seen.
				const { origin: own, pathname } = new URL(asset.url);
				const answer = JSON.stringify(dialect.looked(job, { call: "look", id: job.id }).json);
				const isNamed = own !== origin && answer.includes(pathname);
				assert.ok(!isNamed, "the look names the video: let the dialect have a resultPath, and no namesResult");
			},
		},
	];
}

async function assetOf(trial: Trial): Promise<VideoAsset> {
	trial.service.script({ state: "succeeded" });
	return finished(trial, await trial.handle());
}

async function finished(trial: Trial, handle: Parameters<Trial["look"]>[0]): Promise<VideoAsset> {
	const status: OperationStatus = await trial.look(handle);
	assert.ok(status.state === "succeeded", `the state is ${status.state}`);
	return status.assets[0];
}

/** As the core does: the headers go along only to the origins that are named. */
async function fetchAsset(asset: VideoAsset): Promise<{ readonly status: number; readonly isVideo: boolean }> {
	if (asset.kind === "file") return assert.fail("a service has no file on this machine");
	if (asset.kind === "bytes") return { status: 200, isVideo: Buffer.from(asset.data).equals(TINY_VIDEO) };
	const mayKnow = asset.credentialOrigins?.includes(new URL(asset.url).origin) === true;
	const response = await fetch(asset.url, { headers: mayKnow ? { ...asset.headers } : {}, redirect: "manual" });
	const data = Buffer.from(await response.arrayBuffer());
	return { status: response.status, isVideo: data.equals(TINY_VIDEO) };
}
