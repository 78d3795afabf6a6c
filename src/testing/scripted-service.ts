import type { IncomingMessage, ServerResponse } from "node:http";
import { answerCall, isSigned, refusal, type ServiceState, signedCall, signedUrl } from "./answer-call.ts";
import type { Fault, FaultMoment, JobView } from "./faults.ts";
import { type IdempotencyMode, JobStore } from "./job-store.ts";
import { LoopbackServer } from "./loopback-server.ts";
import { readRequest } from "./read-request.ts";
import type { ReceivedRequest, ServiceCall, ServiceDialect, ServiceJob } from "./service-dialect.ts";
import { studioDialect } from "./studio-dialect.ts";
import { TINY_VIDEO } from "./tiny-video.ts";
import { strike, writeAnswer } from "./write-answer.ts";

/** How a scripted service begins. */
export interface ScriptedServiceOptions {
	/** The protocol that it speaks. @default studioDialect */
	readonly dialect?: ServiceDialect;
	/** The one key that it takes; absent: it asks for none. */
	readonly apiKey?: string;
	/** What it does with a known idempotency key. @default "none" */
	readonly idempotency?: IdempotencyMode;
	/** The file that every job makes. @default TINY_VIDEO */
	readonly video?: Uint8Array;
	/** What the looks at a job show, in order; the last one repeats. @default queued, running, succeeded */
	readonly views?: readonly JobView[];
}

/** The kinds of requests that can be given a fault. */
export type ServiceCallName = ServiceCall["call"];

/** A request that arrived. */
export interface RequestRecord {
	/** What it asked for; `undefined` when there is nothing at its address. */
	readonly call: ServiceCallName | undefined;
	readonly request: ReceivedRequest;
	/** Whether its whole body arrived. */
	readonly isComplete: boolean;
}

/** A service at another origin that must never see a key. Its requests are recorded, and answered with `{}`. */
export interface Stranger {
	readonly origin: string;
	readonly requests: readonly ReceivedRequest[];
}

/**
 * A video service on this machine that speaks real HTTP, goes wrong on demand, and keeps the truth: what
 * arrived, what was made, what was charged. Close it, or declare it with `await using`.
 */
export class ScriptedService implements AsyncDisposable {
	/** Every request to the service, in the order in which they arrived. */
	readonly requests: RequestRecord[] = [];
	readonly #apiKey: string | undefined;
	readonly #state: ServiceState;
	readonly #queues = new Map<ServiceCallName, Fault[]>();
	readonly #standing = new Map<ServiceCallName, Fault>();
	readonly #strangerRequests: ReceivedRequest[] = [];
	readonly #server = new LoopbackServer((incoming, response) => this.#serve(incoming, response));
	readonly #strangerServer = new LoopbackServer(async (incoming, response) => {
		this.#strangerRequests.push(await readRequest(incoming, this.stranger.origin));
		response.end("{}");
	});

	/** Not listening yet: `createScriptedService` makes one that does. */
	constructor(options: ScriptedServiceOptions) {
		const { dialect = studioDialect, idempotency = "none", video = TINY_VIDEO, views } = options;
		const store = new JobStore(dialect, idempotency, (id, signature) => {
			const { origin } = this.#server;
			return dialect.resultPath === undefined ? signedUrl(origin, id, signature) : origin + dialect.resultPath(id);
		});
		if (views !== undefined) store.views = views;
		this.#apiKey = options.apiKey;
		this.#state = { dialect, store, video };
	}

	/** What a provider is configured with. */
	get baseUrl(): string {
		return `${this.#server.origin}${this.#state.dialect.basePath ?? ""}`;
	}

	/** A service at another origin. */
	get stranger(): Stranger {
		return { origin: this.#strangerServer.origin, requests: this.#strangerRequests };
	}

	/** Submissions whose whole body arrived, whatever became of them. */
	get posts(): number {
		return this.#count("submit");
	}

	/** Looks at jobs that arrived. */
	get looks(): number {
		return this.#count("look");
	}

	/** Cancellations that arrived. */
	get cancels(): number {
		return this.#count("cancel");
	}

	/** Downloads that arrived. */
	get downloads(): number {
		return this.#count("result");
	}

	/** How many jobs are charged. */
	get billed(): number {
		return this.jobs.filter(({ billed }) => billed).length;
	}

	/** Every job, the newest first. */
	get jobs(): readonly ServiceJob[] {
		return this.#state.store.jobs;
	}

	/** Connections that are open now, those to the stranger too. */
	get openSockets(): number {
		return this.#server.openSockets + this.#strangerServer.openSockets;
	}

	/** Gives the next requests of a kind these faults, one each, in order. */
	next(call: ServiceCallName, ...script: readonly Fault[]): void {
		this.#queues.set(call, [...(this.#queues.get(call) ?? []), ...script]);
	}

	/** Gives every request of a kind this fault, once `next` is used up; `undefined` ends that. */
	every(call: ServiceCallName, fault: Fault | undefined): void {
		if (fault === undefined) this.#standing.delete(call);
		else this.#standing.set(call, fault);
	}

	/** What looks show of jobs that are made from now on, in order; the last one repeats. */
	script(...views: readonly JobView[]): void {
		this.#state.store.views = views;
	}

	/** URLs of results that were given out until now answer 403; the next look gives a new one. */
	expireResults(): void {
		this.#state.store.expireResults();
	}

	/** Starts listening. `createScriptedService` has called it. */
	async listen(): Promise<this> {
		await Promise.all([this.#server.listen(), this.#strangerServer.listen()]);
		return this;
	}

	/** Stops listening and closes what is open. */
	async close(): Promise<void> {
		await Promise.all([this.#server.close(), this.#strangerServer.close()]);
	}

	/** The same as `close`. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.close();
	}

	#count(call: ServiceCallName): number {
		return this.requests.filter((record) => record.call === call && record.isComplete).length;
	}

	async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const head = await readRequest(incoming, this.#server.origin, false);
		const kind = this.#route(head)?.call;
		const index = this.requests.push({ call: kind, request: head, isComplete: false }) - 1;
		const fault = kind === undefined ? undefined : (this.#queues.get(kind)?.shift() ?? this.#standing.get(kind));
		if (this.#struck(incoming, response, fault, "before-body")) return;
		const request = await readRequest(incoming, this.#server.origin);
		this.requests[index] = { call: kind, request, isComplete: true };
		const call = this.#route(request);
		const refuse = (status: number, reason: string) =>
			writeAnswer(response, refusal(this.#state.dialect, status, reason), undefined);
		if (!this.#isAuthorised(request)) return refuse(401, "the key is wrong");
		if (call === undefined) return refuse(404, "there is no such page");
		if (this.#struck(incoming, response, fault, "before-commit")) return;
		const { answer, job } = answerCall(call, request, fault?.does === "show" ? fault.view : undefined, this.#state);
		if (this.#struck(incoming, response, fault, "after-commit")) return;
		const text = fault?.does === "rewrite" ? fault.rewrite(Buffer.from(answer.body).toString(), job) : undefined;
		writeAnswer(response, text === undefined ? answer : { ...answer, body: Buffer.from(text) }, fault);
	}

	#route(request: ReceivedRequest): ServiceCall | undefined {
		return signedCall(request) ?? this.#state.dialect.route(request);
	}

	#isAuthorised(request: ReceivedRequest): boolean {
		if (this.#apiKey === undefined || isSigned(request)) return true;
		return this.#state.dialect.credential(request) === this.#apiKey;
	}

	/** Strikes when the fault's moment has come; `true` when there is nothing more to answer. */
	#struck(
		{ socket }: IncomingMessage,
		response: ServerResponse,
		fault: Fault | undefined,
		moment: FaultMoment,
	): boolean {
		if (fault === undefined || !("at" in fault) || fault.at !== moment) return false;
		if (fault.does === "raw") socket.end(fault.bytes);
		else if (fault.does !== "answer") strike(socket, fault.does);
		else {
			const usual = refusal(this.#state.dialect, fault.status, "scripted");
			const body = fault.body === undefined ? usual.body : Buffer.from(fault.body);
			writeAnswer(response, { status: fault.status, headers: { ...usual.headers, ...fault.headers }, body }, undefined);
		}
		return true;
	}
}

/** Starts a scripted service on a free port of this machine. */
export async function createScriptedService(options: ScriptedServiceOptions = {}): Promise<ScriptedService> {
	return new ScriptedService(options).listen();
}
