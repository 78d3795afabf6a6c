import { createHash } from "node:crypto";
import {
	ConfigurationError,
	InputError,
	isVideoError,
	OperationNotFoundError,
	ProviderError,
} from "../errors/index.ts";
import type { Billed, CallContext, ProviderCheck, SecretValue } from "../provider/index.ts";
import { joinUrl } from "./request-url.ts";

/** One server of a self-hosted engine. It alone knows the jobs that it took. */
export interface PoolServer {
	/** Its base URL, without a slash at the end. */
	readonly base: string;
	/** Tells it from the others in a handle, without its address: 16 hexadecimal digits, the same in every process. */
	readonly fingerprint: string;
}

/** Where the servers of a pool are. */
export interface ServerPoolSettings {
	/** The name of the variable that names them, such as `STUDIO_BASE_URL`, for messages. */
	readonly variable: string;
	/** Its value: one base URL, or several with commas between. */
	readonly baseUrl: string | undefined;
	/** Makes one text of the ways to write a base; for example adds `/v1` where it is missing. @default as it is */
	readonly normalise?: (base: string) => string;
}

/** A server for the next job, and what it answered. */
export interface ChosenServer<Info> {
	readonly server: PoolServer;
	/** What it said; `undefined` when it answered with a refusal. */
	readonly info: Info | undefined;
}

/** New jobs for which a server that did not answer is asked last. */
const JOBS_OF_REST = 8;

/**
 * The servers of an engine that keeps its jobs in its own memory: new jobs go to those that answer, in turn, and each
 * job stays with the one that took it.
 */
export class ServerPool {
	/** In the order in which they were named, each once. */
	readonly servers: readonly PoolServer[];
	readonly #variable: string;
	/** For how many more jobs a server is asked last. */
	readonly #restOf = new Map<PoolServer, number>();
	#turn = 0;

	/** Throws `ConfigurationError` for an address that cannot be one of a server. */
	constructor({ variable, baseUrl = "", normalise = String }: ServerPoolSettings) {
		const texts = baseUrl.split(",").map((text) => text.trim());
		const bases = new Set(texts.filter((text) => text !== "").map((text) => normalise(parseBase(text))));
		this.#variable = variable;
		this.servers = [...bases].map((base) => ({ base, fingerprint: fingerprintOf(base) }));
	}

	/**
	 * The server for a new job: the next in turn whose answer to `ask` suits, else the first that answered at all. One
	 * that did not answer is asked last for the next eight jobs. `ask` may only send what costs nothing, and throws a
	 * retryable `VideoError` when there is no answer; with any other the server refused to say, and may take jobs.
	 *
	 * Throws `ConfigurationError` when no server is named, `CancelledError` as `ask` does, and a retryable
	 * `ProviderError` with `billed: "no"` when none answers.
	 */
	async choose<Info>(
		ask: (server: PoolServer) => Promise<Info>,
		suits: (info: Info) => boolean = () => true,
	): Promise<ChosenServer<Info>> {
		if (this.servers.length === 0) throw new ConfigurationError(this.#missing);
		const order = [...this.servers.slice(this.#turn), ...this.servers.slice(0, this.#turn)];
		this.#turn = (this.#turn + 1) % order.length;
		const resting = order.filter((server) => this.#isResting(server));
		for (const group of [order.filter((server) => !resting.includes(server)), resting]) {
			let other: ChosenServer<Info> | undefined;
			for (const server of group) {
				const chosen = await this.#ask(server, ask);
				if (chosen?.info !== undefined && suits(chosen.info)) return chosen;
				other ??= chosen;
			}
			if (other !== undefined) return other;
		}
		const problem = `no server answers at ${this.#places}`;
		throw new ProviderError(`${problem}; nothing was sent, so start one or correct the address`, { retryable: true });
	}

	/**
	 * Passes on what becomes of a request to a server, and notes whether it was answered: new jobs go to those that
	 * answer. An abort says nothing about a server.
	 */
	async watch<Answer>(
		server: PoolServer,
		request: Promise<Answer>,
		{ signal }: Pick<CallContext, "signal">,
	): Promise<Answer> {
		try {
			const answer = await request;
			this.#note(server, true);
			return answer;
		} catch (error) {
			const hasNoAnswer = error instanceof ProviderError && error.status === undefined;
			if (hasNoAnswer && !signal.aborted) this.#note(server, false);
			throw error;
		}
	}

	/**
	 * `watch` for a look at a job. Throws `OperationNotFoundError` with what can be done when the server does not know
	 * the job any more; `billed` says whether it may have cost something.
	 */
	async look<Answer>(
		server: PoolServer,
		request: Promise<Answer>,
		context: Pick<CallContext, "signal">,
		billed: Billed,
	): Promise<Answer> {
		return this.watch(server, request, context).catch((cause: unknown) => {
			if (!isVideoError(cause) || cause.code !== "operation_not_found") throw cause;
			throw new OperationNotFoundError(
				`${server.base} took the job and does not know it any more: the server was restarted, or several share that ` +
					`address; its video is lost, so submit the request again, and name each server in ${this.#variable} by itself`,
				{ billed, cause },
			);
		});
	}

	/**
	 * The server that took a job, by the fingerprint in the handle: the only one to ask about it. Throws
	 * `ConfigurationError` when it is not named any more, which does not mean that the job is lost.
	 */
	serverOf(fingerprint: string): PoolServer {
		const found = this.servers.find((server) => server.fingerprint === fingerprint);
		if (found !== undefined) return found;
		const problem = `the job is at a server that ${this.#variable} does not name, and no other knows it`;
		throw new ConfigurationError(`${problem}; add its address again`);
	}

	/**
	 * For `VideoProvider.adopt`: the job that a user found, by its address `base/path/id`, or by its id where there is
	 * one server. Throws `InputError` for what leads to no job, such as an id that the pattern does not match as a whole.
	 */
	adopt(operation: string, path: string, pattern: RegExp): { readonly server: string; readonly id: string } {
		const [first, ...others] = this.servers;
		const isAlone = others.length === 0;
		const named = this.servers.find(({ base }) => operation.startsWith(`${base}/${path}/`));
		const server = named ?? (isAlone ? first : undefined);
		const id = named === undefined ? operation : operation.slice(`${named.base}/${path}/`.length);
		if (server !== undefined && id.match(pattern)?.[0] === id) return { server: server.fingerprint, id };
		const form = isAlone ? "the id that the server shows" : `its address, such as ${first?.base}/${path}/id`;
		throw new InputError("operation", `"${operation}" does not lead to a job; write ${form}`);
	}

	/** For `VideoProvider.check`: where requests go, and whether with a key. No server is asked. */
	check(key: SecretValue | undefined): ProviderCheck {
		if (this.servers.length === 0) return { usable: false, detail: this.#missing };
		const credential = key === undefined ? "no key is sent" : "with a key";
		return { usable: true, detail: `requests go to ${this.#places}; ${credential}` };
	}

	get #places(): string {
		return this.servers.map(({ base }) => base).join(", ");
	}

	get #missing(): string {
		return `${this.#variable} is not set; write the address of a server that runs, with its port`;
	}

	async #ask<Info>(
		server: PoolServer,
		ask: (server: PoolServer) => Promise<Info>,
	): Promise<ChosenServer<Info> | undefined> {
		try {
			const info = await ask(server);
			this.#note(server, true);
			return { server, info };
		} catch (error) {
			if (!isVideoError(error) || error.code === "cancelled") throw error;
			this.#note(server, !error.retryable);
			return error.retryable ? undefined : { server, info: undefined };
		}
	}

	#note(server: PoolServer, isReachable: boolean): void {
		this.#restOf.set(server, isReachable ? 0 : JOBS_OF_REST);
	}

	/** Whether a server rests. Counts one job of its rest down. */
	#isResting(server: PoolServer): boolean {
		const rest = this.#restOf.get(server) ?? 0;
		this.#restOf.set(server, Math.max(0, rest - 1));
		return rest > 0;
	}
}

/** A base URL without a slash at the end. */
function parseBase(text: string): string {
	if (!/[?#]/.test(text)) return joinUrl(text).href.replace(/\/$/, "");
	throw new ConfigurationError("the base URL holds a query or a fragment; write the address alone, and the key apart");
}

function fingerprintOf(base: string): string {
	return createHash("sha256").update(base).digest("hex").slice(0, 16);
}
