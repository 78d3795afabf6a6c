import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** An HTTP server on a free port of this machine that can be closed at once. */
export class LoopbackServer {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	#origin = "";

	/** Not listening yet. What `serve` rejects with is a client that went away, and is dropped. */
	constructor(serve: (incoming: IncomingMessage, response: ServerResponse) => Promise<void>) {
		this.#server = createServer((incoming, response) => void serve(incoming, response).catch(ignore));
		this.#server.on("connection", (socket: Socket) => {
			this.#sockets.add(socket);
			socket.once("close", () => this.#sockets.delete(socket)).on("error", ignore);
		});
	}

	/** Starts listening. */
	async listen(): Promise<void> {
		await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
		this.#origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** Where it listens, or listened. */
	get origin(): string {
		return this.#origin;
	}

	/** Connections that are open now. */
	get openSockets(): number {
		return this.#sockets.size;
	}

	/** Stops listening and closes what is open. */
	async close(): Promise<void> {
		const closed = new Promise((resolve) => this.#server.close(resolve));
		const ended = [...this.#sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve).destroy()));
		await Promise.all([closed, ...ended]);
	}
}

function ignore(): void {}
