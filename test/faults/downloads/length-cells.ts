import {
	broken,
	type Cut,
	chunked,
	cutAt,
	cutRange,
	ETAG,
	head,
	LAST_CHUNK,
	ranged,
	reply,
	whole,
} from "../../support/download-answers.ts";
import type { Answer } from "../../support/download-server.ts";
import type { FaultCell } from "./report.ts";
import { transferCell, VIDEO } from "./transfer-cell.ts";

const SIZE = VIDEO.byteLength;
const HALF = 100_001;

/** Bytes as they are given, with nothing added. */
function raw(...pieces: readonly (string | Uint8Array)[]): Answer {
	return (socket) => {
		socket.end(Buffer.concat(pieces.map((piece) => Buffer.from(piece as Uint8Array))));
	};
}

function oddLength(length: string | number | readonly (string | number)[], extra: Record<string, string> = {}): Answer {
	return reply(200, { ETag: ETAG, "Content-Length": length, ...extra }, VIDEO);
}

const ENDS: readonly (readonly [Cut, string])[] = [
	["fin", "an orderly end"],
	["rst", "a reset"],
];

/** Bodies that end too early or too late, and lengths that are nonsense. */
export const LENGTH_CELLS: readonly FaultCell[] = [
	...ENDS.flatMap(([end, words]) => [
		transferCell(`length: cut in the middle by ${words}`, {
			answers: [cutAt(VIDEO, HALF, end), ranged(VIDEO)],
			ends: "saved",
			ranges: [undefined, `bytes=${HALF}-`],
		}),
		transferCell(`length: cut one byte before its end by ${words}`, {
			answers: [cutAt(VIDEO, SIZE - 1, end), ranged(VIDEO)],
			ends: "saved",
			ranges: [undefined, `bytes=${SIZE - 1}-`],
		}),
		transferCell(`length: cut before its first byte by ${words}`, {
			answers: [cutAt(VIDEO, 0, end), ranged(VIDEO)],
			ends: "saved",
			ranges: [undefined, undefined],
		}),
		transferCell(`length: cut within the first packet by ${words}`, {
			answers: [cutAt(VIDEO, 700, end), ranged(VIDEO)],
			ends: "saved",
			startsOver: true,
		}),
		transferCell(`length: cut three times by ${words}`, {
			answers: [cutAt(VIDEO, 50_000, end), cutRange(VIDEO, 60_000, end), cutRange(VIDEO, 60_001, end), ranged(VIDEO)],
			ends: "saved",
			ranges: [undefined, "bytes=50000-", "bytes=60000-", "bytes=60001-"],
		}),
		transferCell(`length: cut at every try by ${words}`, {
			answers: [cutAt(VIDEO, HALF, end), cutRange(VIDEO, HALF, end)],
			ends: "download_failed",
			requests: 8,
			keeps: HALF,
		}),
		transferCell(`length: cut by ${words}, version known weakly`, {
			answers: [cutAt(VIDEO, HALF, end, 'W/"v1"'), whole(VIDEO)],
			ends: "saved",
			ranges: [undefined, undefined],
		}),
		transferCell(`length: cut by ${words}, version not known`, {
			answers: [broken(200, { "Content-Length": SIZE }, VIDEO.subarray(0, HALF), end), whole(VIDEO)],
			ends: "saved",
			ranges: [undefined, undefined],
		}),
		transferCell(`length: cut at every try by ${words}, version not known`, {
			answers: [broken(200, { "Content-Length": SIZE }, VIDEO.subarray(0, HALF), end)],
			ends: "download_failed",
		}),
		transferCell(`length: header cut by ${words}`, {
			answers: [
				async (socket) => {
					await new Promise<void>((done) => socket.write(head(200, { ETag: ETAG }).slice(0, 20), () => done()));
					if (end === "fin") socket.end();
					else socket.resetAndDestroy();
				},
				whole(VIDEO),
			],
			ends: "saved",
		}),
		transferCell(`length: connection closed before any answer by ${words}`, {
			answers: [(socket) => void (end === "fin" ? socket.end() : socket.resetAndDestroy()), whole(VIDEO)],
			ends: "saved",
		}),
		transferCell(`length: body in chunks cut by ${words}`, {
			answers: [
				broken(200, { ETag: ETAG, "Transfer-Encoding": "chunked" }, chunked(VIDEO.subarray(0, HALF)), end),
				whole(VIDEO),
			],
			ends: "saved",
			ranges: [undefined, undefined],
		}),
		transferCell(`length: body in chunks, all there, last chunk missing, ended by ${words}`, {
			answers: [broken(200, { "Transfer-Encoding": "chunked" }, chunked(VIDEO), end)],
			ends: "download_failed",
		}),
		transferCell(`length: body without a length cut by ${words}`, {
			answers: [broken(200, { ETag: ETAG, Connection: "close" }, VIDEO.subarray(0, HALF), end), whole(VIDEO)],
			ends: "saved",
		}),
	]),
	transferCell("length: body without a length cut at every try", {
		answers: [broken(200, { ETag: ETAG, Connection: "close" }, VIDEO.subarray(0, HALF), "fin")],
		ends: "bad_media",
	}),
	transferCell("length: body without a length, complete", {
		answers: [broken(200, { Connection: "close" }, VIDEO, "fin")],
		ends: "saved",
		requests: 1,
	}),
	transferCell("length: body in chunks, complete", {
		answers: [reply(200, { "Transfer-Encoding": "chunked" }, Buffer.concat([chunked(VIDEO), LAST_CHUNK]))],
		ends: "saved",
		requests: 1,
	}),
	transferCell("length: body in chunks that are no chunks", {
		answers: [reply(200, { "Transfer-Encoding": "chunked" }, Buffer.concat([Buffer.from("zz\r\n"), VIDEO]))],
		ends: "download_failed",
	}),
	transferCell("length: size promised by the service, body in chunks is shorter", {
		answers: [
			reply(200, { "Transfer-Encoding": "chunked" }, Buffer.concat([chunked(VIDEO.subarray(0, HALF)), LAST_CHUNK])),
		],
		asset: () => ({ sizeBytes: SIZE }),
		ends: "bad_media",
	}),
	transferCell("length: size promised by the service is another one", {
		answers: [whole(VIDEO)],
		asset: () => ({ sizeBytes: SIZE + 1 }),
		ends: "download_failed",
		says: /promised 200004/,
	}),
	transferCell("length: checksum promised by the service is another one", {
		answers: [whole(VIDEO)],
		asset: () => ({ sha256: "0".repeat(64) }),
		ends: "bad_media",
		says: /another checksum/,
	}),
	transferCell("length: bytes after the end", {
		answers: [reply(200, { ETag: ETAG, "Content-Length": SIZE }, Buffer.concat([VIDEO, Buffer.alloc(5_000, 65)]))],
		ends: "saved",
	}),
	transferCell("length: told as half of what the video has", {
		answers: [oddLength(HALF)],
		ends: "bad_media",
	}),
	transferCell("length: told as more than there is, then admitted", {
		answers: [
			broken(200, { ETag: ETAG, "Content-Length": SIZE + 1_000 }, VIDEO, "fin", SIZE),
			reply(416, { ETag: ETAG, "Content-Range": `bytes */${SIZE}` }),
		],
		ends: "saved",
		ranges: [undefined, `bytes=${SIZE}-`],
	}),
	transferCell("length: told twice, alike", { answers: [oddLength([SIZE, SIZE])], ends: "download_failed" }),
	transferCell("length: told twice, differently", { answers: [oddLength([SIZE, HALF])], ends: "download_failed" }),
	transferCell("length: told beside chunks", {
		answers: [oddLength(SIZE, { "Transfer-Encoding": "chunked" })],
		ends: "download_failed",
	}),
	transferCell("length: negative", { answers: [oddLength(-1)], ends: "download_failed" }),
	transferCell("length: no number", { answers: [oddLength("many")], ends: "download_failed" }),
	transferCell("length: beyond what a number holds", {
		answers: [oddLength("99999999999999999999999")],
		ends: "download_failed",
	}),
	transferCell("length: above the limit", {
		answers: [broken(200, { "Content-Length": 100_000_001 }, VIDEO, "stall")],
		ends: "file_too_large",
		requests: 1,
	}),
	transferCell("length: above the limit, which only the body shows", {
		answers: [broken(200, { Connection: "close" }, VIDEO, "fin")],
		options: { maxBytes: SIZE - 1 },
		ends: "file_too_large",
		requests: 1,
	}),
	transferCell("length: exactly the limit", { answers: [whole(VIDEO)], options: { maxBytes: SIZE }, ends: "saved" }),
	transferCell("protocol: no HTTP at all", { answers: [raw("SSH-2.0-OpenSSH_9.2\r\n")], ends: "download_failed" }),
	transferCell("protocol: an answer as in 1991", { answers: [raw(VIDEO)], ends: "download_failed" }),
	transferCell("protocol: an early hint first", {
		answers: [raw("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", head(200, { "Content-Length": SIZE }), VIDEO)],
		ends: "saved",
	}),
	transferCell("protocol: a request to go on that nobody asked for", {
		answers: [raw("HTTP/1.1 100 Continue\r\n\r\n", head(200, { "Content-Length": SIZE }), VIDEO), whole(VIDEO)],
		ends: "saved",
		requests: 2,
	}),
	transferCell("protocol: 64 KB of header lines", {
		answers: [whole(VIDEO, { "X-Padding": "x".repeat(65_536) })],
		ends: "download_failed",
		says: /header lines/,
		requests: 1,
	}),
	transferCell("protocol: header lines without end", {
		answers: [
			async (socket) => {
				socket.write("HTTP/1.1 200 OK\r\n");
				while (!socket.destroyed) {
					await new Promise<void>((done) => socket.write(`X-More: ${"x".repeat(1_000)}\r\n`, () => done()));
				}
			},
		],
		ends: "download_failed",
	}),
];
