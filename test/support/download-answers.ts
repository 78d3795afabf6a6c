import { setTimeout as wait } from "node:timers/promises";
import type { Answer, DownloadRequest } from "./download-server.ts";

/** Header lines; a value that is a list becomes several lines of that name. */
export type HeaderLines = Readonly<Record<string, string | number | readonly (string | number)[]>>;

/** How a body that is not complete ends: with an orderly end, a reset, or never. */
export type Cut = "fin" | "rst" | "stall";

/** The entity tag of every video, unless a test needs another one. */
export const ETAG = '"v1"';

/** Long enough for the client to take what was sent, which a cut could throw away. */
const DELIVERY_MS = 15;

/** The first bytes of an answer, up to and with the empty line. */
export function head(status: number, headers: HeaderLines): string {
	const lines = Object.entries(headers).flatMap(([name, value]) =>
		(Array.isArray(value) ? value : [value]).map((one) => `${name}: ${one}\r\n`),
	);
	return `HTTP/1.1 ${status} Answer\r\n${lines.join("")}\r\n`;
}

/** A complete answer. The length is told unless the header lines say something about it. */
export function reply(status: number, headers: HeaderLines = {}, body: string | Uint8Array = ""): Answer {
	const data = Buffer.from(body);
	const names = Object.keys(headers).map((name) => name.toLowerCase());
	const isFramed = names.includes("content-length") || names.includes("transfer-encoding");
	const lines = isFramed ? headers : { ...headers, "Content-Length": data.byteLength };
	return (socket) => {
		socket.write(Buffer.concat([Buffer.from(head(status, lines)), data]));
	};
}

/** A redirect. `location` may name the path of the request with `{path}`. */
export function redirect(status: number, location: string): Answer {
	return (socket, request) => {
		socket.write(head(status, { Location: location.replace("{path}", request.path), "Content-Length": 0 }));
	};
}

/** The whole video with a strong entity tag. */
export function whole(video: Uint8Array, headers: HeaderLines = { ETag: ETAG }): Answer {
	return reply(200, { "Content-Type": "video/mp4", ...headers }, video);
}

/** What a good server answers: the part that was asked for if it still has that version, else the whole. */
export function ranged(video: Uint8Array, etag = ETAG): Answer {
	return (socket, request, server) => {
		const from = firstByteAsked(request, etag);
		if (from === undefined) return whole(video, { ETag: etag })(socket, request, server);
		if (from >= video.byteLength) {
			return reply(416, { ETag: etag, "Content-Range": `bytes */${video.byteLength}` })(socket, request, server);
		}
		const range = `bytes ${from}-${video.byteLength - 1}/${video.byteLength}`;
		return reply(206, { ETag: etag, "Content-Range": range }, video.subarray(from))(socket, request, server);
	};
}

/**
 * Sends header lines and a part of a body, and then ends as told, once the client has `keptBytes` of the
 * file, where the test can tell.
 */
export function broken(status: number, headers: HeaderLines, body: Uint8Array, end: Cut, keptBytes = 0): Answer {
	return async (socket, _request, server) => {
		socket.write(head(status, headers));
		await new Promise<void>((done) => socket.write(body, () => done()));
		await (server.untilKept === undefined || keptBytes === 0 ? wait(DELIVERY_MS) : server.untilKept(keptBytes));
		if (end === "fin") socket.end();
		if (end === "rst") socket.resetAndDestroy();
	};
}

/** The video with a strong entity tag and its length, of which only the first bytes come. */
export function cutAt(video: Uint8Array, atBytes: number, end: Cut, etag = ETAG): Answer {
	const headers = { ETag: etag, "Content-Length": video.byteLength };
	return broken(200, headers, video.subarray(0, atBytes), end, atBytes);
}

/** As `cutAt`, for the part that was asked for. */
export function cutRange(video: Uint8Array, toBytes: number, end: Cut, etag = ETAG): Answer {
	return (socket, request, server) => {
		const from = firstByteAsked(request, etag) ?? 0;
		const headers = {
			ETag: etag,
			"Content-Length": video.byteLength - from,
			"Content-Range": `bytes ${from}-${video.byteLength - 1}/${video.byteLength}`,
		};
		return broken(206, headers, video.subarray(from, toBytes), end, toBytes)(socket, request, server);
	};
}

/** A body in chunks. */
export function chunked(...parts: readonly Uint8Array[]): Buffer {
	return Buffer.concat(
		parts.flatMap((part) => [Buffer.from(`${part.byteLength.toString(16)}\r\n`), part, Buffer.from("\r\n")]),
	);
}

/** The last chunk of a body. */
export const LAST_CHUNK: Buffer = Buffer.from("0\r\n\r\n");

/** The video, then bytes without end, as fast as they are taken. */
export function endless(video: Uint8Array, headers: HeaderLines): Answer {
	const more = Buffer.alloc(65_536);
	return async (socket) => {
		socket.write(head(200, headers));
		socket.write(video);
		while (!socket.destroyed) {
			await new Promise<void>((done) => socket.write(more, () => done()));
		}
	};
}

/** Where the part starts that was asked for, when the condition on its version holds. */
function firstByteAsked({ headers }: DownloadRequest, etag = ETAG): number | undefined {
	const match = /^bytes=(\d+)-$/.exec(headers["range"] ?? "");
	return match === null || headers["if-range"] !== etag ? undefined : Number(match[1]);
}
