import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { VideoNetwork } from "../../src/downloads/index.ts";
import { FolderObserver } from "./download-observer.ts";
import { quickNetwork } from "./download-run.ts";
import { type Answer, type DownloadServer, type ServerCertificate, startServer } from "./download-server.ts";

/** A folder that is gone after the test. */
export async function downloadFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "reelay-downloads-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** A server that is closed after the test. */
export async function serverFor(answers: readonly Answer[], certificate?: ServerCertificate): Promise<DownloadServer> {
	const server = await startServer(answers, certificate);
	onTestFinished(() => server.close());
	return server;
}

/** A server, closed after the test, that cuts a video only when all that it sent is in that folder. */
export async function patientServerFor(folder: string, answers: readonly Answer[]): Promise<DownloadServer> {
	const server = await serverFor(answers);
	const observer = new FolderObserver(folder, "video.mp4", []);
	onTestFinished(() => observer.stop());
	server.untilKept = (sizeBytes) => observer.untilKept(sizeBytes);
	return server;
}

/** A network for loopback, in which no wait takes time, that is closed after the test. */
export function networkFor(settings?: Parameters<typeof quickNetwork>[0]): VideoNetwork {
	const network = quickNetwork(settings);
	onTestFinished(() => network.close());
	return network;
}
