// What a service in production has, in one file: a provider of its own, parts from a container, jobs that outlive the
// process with one submission each, and metrics over HTTP. The video service is a scripted one on this machine, and the
// crash is real: a worker submits a job and is killed; this process finishes it.
import "reflect-metadata";
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createMetrics, isVideoError, SqliteLedger } from "reelay";
import { createReelayContainer, LEDGER, PROVIDERS, VIDEO_SERVICE } from "reelay/container";
import { createScriptedService } from "reelay/testing";
import type { DependencyContainer } from "tsyringe";
import { createStudioProvider } from "./http-provider.ts";

const API_KEY = "the key of this example";
const FOLDER = ".reelay-production";

/** What the worker and the process that takes over have in common: the ledger, and how to reach the service. */
function compose(baseUrl: string): DependencyContainer {
	// Only because the service is on this machine: its videos come from an address that is refused otherwise.
	const egress = { allowPrivateNetwork: true };
	const container = createReelayContainer({ egress, outputDirectory: FOLDER, policies: { pollMs: 100 } });
	container.register(LEDGER, { useFactory: () => new SqliteLedger(`${FOLDER}/ledger.sqlite`) });
	container.register(PROVIDERS, { useValue: [createStudioProvider({ baseUrl, apiKey: API_KEY })] });
	return container;
}

async function submitAndCrash(baseUrl: string): Promise<void> {
	const videos = compose(baseUrl).resolve(VIDEO_SERVICE);
	const job = await videos.submit({ prompt: "A red kite over the sea" }, { model: "studio:any" });
	console.log("accepted", job.id);
	process.kill(process.pid, "SIGKILL");
}

async function finish(baseUrl: string): Promise<void> {
	const container = compose(baseUrl);
	const videos = container.resolve(VIDEO_SERVICE);
	const metrics = createMetrics(videos);
	const server = createServer((_request, response) => {
		response.setHeader("content-type", metrics.contentType).end(metrics.text());
	}).listen(0, "127.0.0.1");
	await once(server, "listening");

	// At every start: what an earlier process has left behind.
	for (const { id } of await videos.jobs({
		states: ["submitting", "accepted", "running", "generated", "downloading"],
	})) {
		try {
			const job = await videos.resume(id); // sends no submission
			console.log("finished", id, (await job.wait()).path);
		} catch (error) {
			console.error(id, isVideoError(error) ? error.code : error); // the others go on
		}
	}

	const { port } = server.address() as AddressInfo;
	const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
	console.log(
		text
			.split("\n")
			.filter((line) => line.startsWith("reelay_jobs_total"))
			.join("\n"),
	);
	server.close();
	await container.dispose();
}

const [workerOf] = process.argv.slice(2);
if (workerOf !== undefined) {
	await submitAndCrash(workerOf);
} else {
	const service = await createScriptedService({ apiKey: API_KEY });
	try {
		const [, signal] = await once(fork(import.meta.filename, [service.baseUrl]), "exit");
		console.log("the worker ended by", signal);
		await finish(service.baseUrl);
		console.log(`submissions: ${service.posts}, billed: ${service.billed}`);
	} finally {
		await service.close();
	}
}
