/** Asks for a video at a given moment. Its paid service counts submissions in a file that all processes share. */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createVideoService, SqliteLedger } from "../../src/index.ts";
import { FakeProvider, SUCCEEDED } from "../support/fake-provider.ts";

const [folder = "", round = "", name = "", startAtMs = "", times = "1"] = process.argv.slice(2);
const provider = new FakeProvider({ looks: [() => ({ state: "running" }), () => SUCCEEDED] });
const { start } = provider;
provider.start = async (...call) => {
	await appendFile(join(folder, `submissions-${round}`), "one\n");
	await sleep(30);
	return start.apply(provider, call);
};
await using videos = createVideoService({
	env: { REELAY_STATE_DIRECTORY: folder },
	providers: [provider],
	ledger: new SqliteLedger(join(folder, "ledger.sqlite")),
	cache: { directory: join(folder, "cache") },
	policies: { pollMs: 50, minPollMs: 20 },
});
await sleep(Math.max(0, Number(startAtMs) - Date.now()));
const results = await Promise.all(
	Array.from({ length: Number(times) }, (_, index) =>
		videos.textToVideo(
			{ prompt: "Waves", seed: Number(round) },
			{ model: "fake:one", output: join(folder, `${round}-${name}-${index}.mp4`) },
		),
	),
);
process.stdout.write(JSON.stringify(results.map(({ sizeBytes, fromCache }) => ({ sizeBytes, fromCache }))));
