/** Renders with `local:animatic`, beside an application that goes on with its own work. */
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { createLocalProvider } from "reelay/providers/local";
import { isQuick, print, rounded } from "./support/report.ts";

const RESOLUTION_MS = 5;
const REQUEST = {
	task: "text-to-video",
	model: "animatic",
	prompt: "A red kite over the sea at dawn",
	resolution: "1280x720",
	fps: 24,
	durationSeconds: isQuick ? 4 : 8,
	providerOptions: {},
} as const;

const context = {
	signal: new AbortController().signal,
	fetch,
	jobId: "bench",
	idempotencyKey: "bench",
	recordMark: async () => undefined,
};
const provider = createLocalProvider({ credentials: {}, variables: {} });
const loopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
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
if (status.state !== "succeeded") throw new Error(`nothing was rendered: ${JSON.stringify(status)}`);
const [asset] = status.assets;
const timesRealTime = rounded(REQUEST.durationSeconds / renderSeconds);
print({
	name: "local-render",
	rows: [
		{
			video: `${REQUEST.resolution}, ${REQUEST.fps} fps, ${REQUEST.durationSeconds} s`,
			renderSeconds: rounded(renderSeconds),
			timesRealTime,
			sizeBytes: asset.kind === "bytes" ? asset.data.length : 0,
			// The time between two samples is no delay.
			eventLoopDelayP99Ms: rounded(loopDelay.percentile(99) / 1e6 - RESOLUTION_MS),
		},
	],
	budgets: [
		{
			what: `local:animatic, ${REQUEST.resolution}, ${REQUEST.fps} fps`,
			budget: "above 1 × real time",
			measured: `${timesRealTime} ×`,
			isMet: timesRealTime > 1,
		},
	],
});
