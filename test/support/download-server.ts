import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

/** What a client sent. */
export interface DownloadRequest {
	readonly path: string;
	/** By lower-case name. */
	readonly headers: Readonly<Record<string, string>>;
	/** Everything, as it came. */
	readonly head: string;
}

/** Answers one request, byte by byte where it must: no HTTP library stands between. */
export type Answer = (socket: Socket, request: DownloadRequest, server: DownloadServer) => void | Promise<void>;

/** A server on loopback that gives one answer after the other; the last one repeats. */
export interface DownloadServer {
	/** `http://127.0.0.1:<port>` or, with a certificate, `https://localhost:<port>`. */
	readonly origin: string;
	readonly port: number;
	readonly requests: readonly DownloadRequest[];
	/** How many connections were made to it. */
	readonly connections: number;
	/** Told of each request before it is answered. */
	onRequest: ((request: DownloadRequest) => void) | undefined;
	/** Ends when so much of the file is at the client, where the test can tell: a cut before loses what is on the way. */
	untilKept: ((sizeBytes: number) => Promise<void>) | undefined;
	/** Answers differently from now on. */
	answer(...answers: readonly Answer[]): void;
	close(): Promise<void>;
}

/** A key and a certificate, as PEM. */
export interface ServerCertificate {
	readonly key: string;
	readonly cert: string;
}

/** Starts a server; with a certificate it is encrypted. The caller closes it. */
export async function startServer(
	answers: readonly Answer[],
	certificate?: ServerCertificate,
): Promise<DownloadServer> {
	const requests: DownloadRequest[] = [];
	const sockets = new Set<Socket>();
	let script = answers;
	let next = 0;
	let connections = 0;
	const take = (socket: Socket) => {
		connections += 1;
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
		socket.on("error", () => {});
		let received = "";
		socket.on("data", (chunk: Buffer) => {
			received += chunk.toString("latin1");
			for (let end = received.indexOf("\r\n\r\n"); end !== -1; end = received.indexOf("\r\n\r\n")) {
				const request = parseRequest(received.slice(0, end));
				received = received.slice(end + 4);
				requests.push(request);
				handle.onRequest?.(request);
				const answer = script[Math.min(next, script.length - 1)];
				next += 1;
				void answer?.(socket, request, handle);
			}
		});
	};
	const server: Server = certificate === undefined ? createServer(take) : createTlsServer(certificate, take);
	server.on("tlsClientError", () => {});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const handle: DownloadServer = {
		origin: certificate === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
		port,
		requests,
		get connections() {
			return connections;
		},
		answer(...others) {
			script = others;
			next = 0;
		},
		async close() {
			for (const socket of sockets) socket.destroy();
			server.close();
			await once(server, "close");
		},
		onRequest: undefined,
		untilKept: undefined,
	};
	return handle;
}

function parseRequest(head: string): DownloadRequest {
	const [first = "", ...lines] = head.split("\r\n");
	const headers = lines.map((line) => {
		const colon = line.indexOf(":");
		return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
	});
	return { path: first.split(" ")[1] ?? "", headers: Object.fromEntries(headers), head };
}
