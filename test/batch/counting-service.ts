import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** What becomes of a submission. `lost`: it counts, and its answer never comes. */
type Fate = "accept" | "lost" | "hang" | "refuse" | "unauthorized";

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
	/** Called at each submission. */
	onPost: () => void = () => undefined;
	/** Called at each look. */
	onLook: () => void = () => undefined;
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
			this.onLook();
			const prompt = this.billed[Number(request.url?.split("/").at(-1))] ?? "";
			respond(response, 200, { done: this.isDone(prompt), expired: this.isExpired(prompt) });
			return;
		}
		const { prompt } = JSON.parse(await text(request)) as { readonly prompt: string };
		this.posts.push(prompt);
		const fate = this.fate(prompt);
		const isBilled = fate === "accept" || fate === "lost" || fate === "hang";
		const id = isBilled ? this.billed.push(prompt) - 1 : undefined;
		this.onPost();
		if (fate === "lost") request.socket.destroy();
		else if (fate !== "hang") respond(response, { accept: 200, refuse: 422, unauthorized: 401 }[fate], { id });
	}
}

function respond(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, { "content-type": "application/json", connection: "close" }).end(JSON.stringify(body));
}
