/**
 * A service on this machine that speaks fal's queue, as a process of its own, so that what it costs counts for
 * no client. Its argument is a `ServicePlan` in JSON; it prints its port. `/plan` takes another plan for the jobs
 * to come, `/tally` says what arrived.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { DialectAnswer, ReceivedRequest, ServiceJob } from "reelay/testing";
import { falDialect } from "../../test/providers/fal/dialect.ts";
import { paddedVideo } from "./padded-video.ts";
import { PUBLIC_ORIGIN_HEADER, type ServicePlan, type ServiceTally } from "./service-plan.ts";

interface Job {
	readonly id: string;
	readonly submission: ReceivedRequest;
	readonly startedAtMs: number;
	readonly plan: ServicePlan;
	looks: number;
}

const HEADERS = { "content-type": "application/json" };
/** A burst of submissions shall not wait for a place in the line. */
const BACKLOG = 16_384;

const jobs = new Map<string, Job>();
let plan: ServicePlan = JSON.parse(process.argv[2] ?? "{}");
const tally = { posts: 0, looks: 0, downloads: 0 } satisfies ServiceTally;

const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => void serve(incoming, response));
// Ends with the process that started it, however that ends.
process.stdin.resume().once("end", () => process.exit());
server.listen(0, "127.0.0.1", BACKLOG, () => console.log((server.address() as AddressInfo).port));

async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
	const path = incoming.url ?? "/";
	if (path.startsWith("/video/")) return sendVideo(Number(path.slice("/video/".length)), response);
	const body = await readBody(incoming);
	if (path === "/tally") return send(response, { json: tally });
	if (path === "/plan") {
		plan = JSON.parse(body);
		return send(response, { json: {} });
	}
	const request = received(incoming, body);
	const call = falDialect.route(request);
	if (call?.call === "submit") return send(response, accept(request));
	const job = call?.call === "look" ? jobs.get(call.id) : undefined;
	if (call === undefined || job === undefined) return send(response, { status: 404, json: {} });
	const isAtOnce = call.call === "look" && call.continues === true;
	// A client that asks for the status first has had its look when it fetches the result.
	if (!isAtOnce || !isDone(job)) job.looks += 1;
	tally.looks += 1;
	return send(response, falDialect.looked(show(job, request), call));
}

function accept(request: ReceivedRequest): DialectAnswer {
	tally.posts += 1;
	const id = `job_${String(tally.posts).padStart(8, "0")}`;
	const job: Job = { id, submission: request, startedAtMs: performance.now(), plan, looks: 0 };
	jobs.set(id, job);
	return falDialect.submitted(show(job, request));
}

function isDone({ looks, plan: { finishAfterMs, finishAfterLooks }, startedAtMs }: Job): boolean {
	if (finishAfterLooks !== undefined) return looks >= finishAfterLooks;
	return finishAfterMs !== undefined && performance.now() - startedAtMs >= finishAfterMs;
}

function show(job: Job, { url }: ReceivedRequest): ServiceJob {
	const { id, submission, plan: own } = job;
	const resultUrl = `${url.origin}/video/${own.videoBytes}`;
	const common = { id, submission, billed: true };
	return isDone(job) ? { ...common, state: "succeeded", resultUrl } : { ...common, state: "running" };
}

function received({ method = "GET", url = "/", headers }: IncomingMessage, body: string): ReceivedRequest {
	const origin = headers[PUBLIC_ORIGIN_HEADER] ?? `http://${headers.host}`;
	return { method, url: new URL(url, String(origin)), headers: {}, body: Buffer.of(), json: body, form: undefined };
}

function send(response: ServerResponse, { status = 200, json }: DialectAnswer): void {
	response.writeHead(status, HEADERS).end(JSON.stringify(json));
}

async function sendVideo(sizeBytes: number, response: ServerResponse): Promise<void> {
	tally.downloads += 1;
	response.writeHead(200, { "content-type": "video/mp4", "content-length": sizeBytes });
	// A client that went away in the middle wants no more of it.
	await pipeline(Readable.from(paddedVideo(sizeBytes)), response).catch(() => undefined);
}

async function readBody(incoming: IncomingMessage): Promise<string> {
	let body = "";
	for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
	return body;
}
