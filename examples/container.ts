// An application with a tsyringe container puts three parts of its own into reelay: the clock, the ledger, and what
// stands behind `local`. Everything else keeps its default.
import "reflect-metadata";
import { setTimeout as wait } from "node:timers/promises";
import { type Clock, defineProvider, MemoryLedger } from "reelay";
import { CLOCK, LEDGER, PROVIDERS, registerReelay, VIDEO_SERVICE } from "reelay/container";
import { TINY_VIDEO } from "reelay/testing";
import { container } from "tsyringe";

const HASTE = 60;
const startOfYear = Date.UTC(2026, 0, 1);

/** Begins with the year 2026, and an hour of it takes a minute. */
const clock: Clock = {
	now: () => startOfYear + clock.monotonic(),
	monotonic: () => performance.now() * HASTE,
	async sleep(ms, signal) {
		try {
			await wait(ms / HASTE, undefined, { signal });
		} catch (error) {
			signal?.throwIfAborted(); // the caller wants to see why it was aborted
			throw error;
		}
	},
};
const ledger = new MemoryLedger();
const local = defineProvider({ id: "local", billing: "free", textToVideo: async () => TINY_VIDEO });

container.register(CLOCK, { useValue: clock });
container.register(LEDGER, { useValue: ledger });
container.register(PROVIDERS, { useValue: [local] });
registerReelay(container);

const videos = container.resolve(VIDEO_SERVICE);
const video = await videos.textToVideo({ prompt: "A red kite over the sea" }, { model: "local:any" });
const record = await ledger.find(video.id);
console.log("video", video.path, `${video.sizeBytes} bytes`);
console.log("ledger", record?.state, new Date(record?.createdAtMs ?? 0).getUTCFullYear());
await container.dispose(); // closes the service, and the service the ledger
