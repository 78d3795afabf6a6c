import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { createLocalProvider } from "../providers/local/index.ts";

/** Budgets: faster than real time on two processors, and an application that never notices it. */
const REQUEST = {
	task: "text-to-video",
	model: "animatic",
	prompt: "A red kite over the sea at dawn",
	resolution: "1280x720",
	fps: 24,
	durationSeconds: 8,
	providerOptions: {},
} as const;

const context = {
	signal: new AbortController().signal,
	fetch,
	jobId: "bench",
	idempotencyKey: "bench",
};
const provider = createLocalProvider({ credentials: {}, variables: {} });
const loopDelay = monitorEventLoopDelay({ resolution: 5 });
loopDelay.enable();
const startedAt = performance.now();
const { handle } = await provider.start(REQUEST, context);
let status = await provider.status(handle, context);
while (status.state === "queued" || status.state === "running") {
	await delay(status.pollAfterMs ?? 100);
	status = await provider.status(handle, context);
}
const renderSeconds = (performance.now() - startedAt) / 1_000;
loopDelay.disable();
await provider.close?.();
if (status.state !== "succeeded") {
	console.error("local render failed", status);
	process.exitCode = 1;
} else {
	const [asset] = status.assets;
	const result = {
		renderSeconds: round(renderSeconds),
		videoSeconds: REQUEST.durationSeconds,
		timesRealTime: round(REQUEST.durationSeconds / renderSeconds),
		sizeBytes: asset.kind === "bytes" ? asset.data.length : 0,
		eventLoopDelayP99Ms: round(loopDelay.percentile(99) / 1e6),
		eventLoopDelayMaxMs: round(loopDelay.max / 1e6),
	};
	console.table({ [`${REQUEST.resolution}, ${REQUEST.fps} fps`]: result });
	console.log(JSON.stringify({ name: "local-render", ...result }));
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}
