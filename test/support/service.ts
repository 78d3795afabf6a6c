import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createVideoService, MemoryLedger, type VideoService, type VideoServiceOptions } from "../../src/index.ts";
import { FakeClock } from "./fake-clock.ts";

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "reelay-test-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** A service with an empty environment, a clock that takes no time, and results in a folder of their own. */
export async function testService(
	options: VideoServiceOptions = {},
): Promise<{ readonly videos: VideoService; readonly folder: string; readonly clock: FakeClock }> {
	const folder = await temporaryFolder();
	const clock = new FakeClock();
	// The clock takes no time, so a deadline would pass in the middle of each call.
	const policies = { submitBackoffMs: 1, submitTimeoutMs: 0, lookTimeoutMs: 0 };
	const videos = createVideoService({
		env: {},
		outputDirectory: folder,
		ledger: new MemoryLedger(),
		clock,
		random: () => 0.5,
		policies,
		cache: false,
		...options,
	});
	onTestFinished(() => videos.close());
	return { videos, folder, clock };
}

/** Everything in a folder, hidden files included. */
export function filesIn(folder: string): Promise<readonly string[]> {
	return readdir(folder, { recursive: true });
}
