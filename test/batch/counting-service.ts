import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** What becomes of a submission. `lost`: it counts, and its answer never comes. */
type Fate = "accept" | "lost" | "hang" | keyof typeof REFUSALS;

const REFUSALS = { refuse: 422, block: 451, fail: 500, unauthorized: 401 } as const;

/**
 * A paid service that outlives the processes which use it, and counts what they would have paid. Used
 * through `counting-provider.ts`.
 */
export class CountingService {
	/** The prompts of all submissions that were accepted and so billed, in order. */
	readonly billed: string[] = [];
	/** The prompts of all submissions. */
	readonly posts: string[] = [];
	/** Decides about a submission. @default accepts all */
	fate: (prompt: string) => Fate = () => "accept";
	/** Whether operations of a prompt have ended. @default all have */
	isDone: (prompt: string) => boolean = () => true;
	/** Whether the service has thrown the video of a prompt away. */
	isExpired: (prompt: string) => boolean = () => false;
	/** Of which kind an operation's failure is, at no cost; `undefined` when it does not fail. */
	failureOf: (prompt: string) => "refused" | "invalid" | "internal" | "expired" | undefined = () => undefined;
	/** Called at each submission, with its prompt. */
	onPost: (prompt: string) => void = () => undefined;
	/** Called at each look, with the operation's prompt. */
	onLook: (prompt: string) => void = () => undefined;
	readonly #server: Server;

	private constructor() {
		this.#server = createServer((request, response) => void this.#answer(request, response));
	}

	/** Starts one that ends with the test. */
	static async start(): Promise<CountingService> {
		const service = new CountingService();
		await new Promise<void>((resolve) => service.#server.listen(0, "127.0.0.1", resolve));
		onTestFinished(() => {
			service.#server.closeAllConnections();
			service.#server.close();
		});
		return service;
	}

	/** The environment of a process that uses it, with a ledger in `folder`. */
	env(folder: string): Readonly<Record<string, string>> {
		return {
			REELAY_LEDGER: "sqlite",
			REELAY_STATE_DIRECTORY: `${folder}/state`,
			REELAY_CACHE_DIRECTORY: folder,
			REELAY_PROVIDERS: new URL("counting-provider.ts", import.meta.url).pathname,
			DEFAULT_TEXT_TO_VIDEO_MODEL: "counting:one",
			COUNTING_URL: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
		};
	}

	async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (request.method !== "POST") {
			const prompt = this.billed[Number(request.url?.split("/").at(-1))] ?? "";
			this.onLook(prompt);
			const failure = this.failureOf(prompt);
			respond(response, 200, { done: this.isDone(prompt), expired: this.isExpired(prompt), failure });
			return;
		}
		const { prompt } = JSON.parse(await text(request)) as { readonly prompt: string };
		this.posts.push(prompt);
		const fate = this.fate(prompt);
		const isBilled = fate === "accept" || fate === "lost" || fate === "hang";
		const id = isBilled ? this.billed.push(prompt) - 1 : undefined;
		this.onPost(prompt);
		if (fate === "lost") request.socket.destroy();
		else if (fate !== "hang") respond(response, fate === "accept" ? 200 : REFUSALS[fate], { id });
	}
}

function respond(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, { "content-type": "application/json", connection: "close" }).end(JSON.stringify(body));
}
