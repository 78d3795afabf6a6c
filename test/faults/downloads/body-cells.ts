import { deflateSync, gzipSync } from "node:zlib";
import { chunked, ETAG, endless, LAST_CHUNK, reply, whole } from "../../support/download-answers.ts";
import type { FaultCell } from "./report.ts";
import { transferCell, VIDEO } from "./transfer-cell.ts";

const HTML = "<!doctype html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>";
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>';

/** What comes with status 200 in place of a video: the words of the error, what it says it is, and its bytes. */
const IMPOSTORS: readonly (readonly [words: string, contentType: string, body: Uint8Array])[] = [
	["an HTML page", "text/html; charset=utf-8", Buffer.from(HTML)],
	["an HTML page", "text/html", Buffer.from(`${HTML}${" ".repeat(5_000)}`)],
	["JSON", "application/json", Buffer.from('{"error":"expired"}')],
	["JSON", "application/problem+json", Buffer.from('{"title":"Gone"}')],
	["an XML document", "application/xml", Buffer.from("<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>")],
	["an SVG image", "image/svg+xml", Buffer.from(SVG)],
	["a ZIP archive", "application/zip", Buffer.from("PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaa", "latin1")],
	[
		"a PNG image",
		"image/png",
		Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0", "latin1"),
	],
	["gzip data", "application/gzip", gzipSync(VIDEO)],
	["a PDF document", "application/pdf", Buffer.from("%PDF-1.7\n")],
	["an HLS playlist", "application/vnd.apple.mpegurl", Buffer.from("#EXTM3U\n#EXT-X-VERSION:3\n")],
	["an AVI video", "video/avi", Buffer.from("RIFF\0\0\0\0AVI LIST", "latin1")],
	["text", "text/plain", Buffer.from("not found")],
	["an empty file", "video/mp4", Buffer.alloc(0)],
	["text", "video/mp4", Buffer.from("x")],
	["unknown data", "video/mp4", Buffer.from([0])],
	["unknown data", "application/octet-stream", Buffer.alloc(5_000, 7)],
];

/** Videos that are whole as far as HTTP knows, and are not. */
const DAMAGED: readonly (readonly [name: string, body: Uint8Array])[] = [
	["only its first box", VIDEO.subarray(0, 32)],
	["no index", Buffer.concat([VIDEO.subarray(0, 32), VIDEO.subarray(848)])],
	["a box that is longer than the file", VIDEO.subarray(0, 150_000)],
	["something after its last box", Buffer.concat([VIDEO, Buffer.from("garbage at the end")])],
];

/** Bodies that are no video, packed ones, and ones without end. */
export const BODY_CELLS: readonly FaultCell[] = [
	...IMPOSTORS.flatMap(([words, contentType, body]) =>
		[...new Set([contentType, "video/mp4"])].map((type) =>
			transferCell(`body: ${words} of ${body.byteLength} bytes, said to be ${type}`, {
				answers: [reply(200, { "Content-Type": type, ETag: ETAG }, body)],
				ends: "bad_media",
				says: new RegExp(words),
				requests: 1,
			}),
		),
	),
	transferCell("body: an HTML page of which only the first bytes ever come", {
		answers: [
			(socket) => {
				socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n${HTML}${"x".repeat(2_000)}`);
			},
		],
		ends: "bad_media",
		requests: 1,
	}),
	transferCell("body: the video, said to be text", {
		answers: [whole(VIDEO, { "Content-Type": "text/plain" })],
		ends: "saved",
	}),
	...DAMAGED.map(([name, body]) =>
		transferCell(`body: a video with ${name}`, {
			answers: [reply(200, { "Content-Type": "video/mp4", ETag: ETAG }, body)],
			ends: "bad_media",
			requests: 1,
		}),
	),
	...["gzip", "deflate", "br", "zstd", "x-unheard-of", "gzip, gzip, gzip, gzip, gzip, gzip", "identity, gzip"].map(
		(coding) =>
			transferCell(`body: packed as ${coding}`, {
				answers: [reply(200, { "Content-Encoding": coding, ETag: ETAG }, gzipSync(VIDEO))],
				ends: "download_failed",
				says: /packed/,
				requests: 1,
			}),
	),
	transferCell("body: packed, said on two lines", {
		answers: [reply(200, { "Content-Encoding": ["identity", "gzip"] }, gzipSync(VIDEO))],
		ends: "download_failed",
		says: /packed/,
	}),
	transferCell("body: packed and cut 40 bytes short", {
		answers: [reply(200, { "Content-Encoding": "gzip" }, gzipSync(VIDEO).subarray(0, -40))],
		ends: "download_failed",
		says: /packed/,
	}),
	transferCell("body: a packed bomb", {
		answers: [reply(200, { "Content-Encoding": "deflate" }, deflateSync(Buffer.alloc(30_000_000)))],
		ends: "download_failed",
		says: /packed/,
	}),
	transferCell("body: packed for the way, in chunks", {
		answers: [
			reply(200, { "Transfer-Encoding": "gzip, chunked" }, Buffer.concat([chunked(gzipSync(VIDEO)), LAST_CHUNK])),
		],
		ends: "bad_media",
	}),
	transferCell("body: said to be packed as nothing", {
		answers: [whole(VIDEO, { "Content-Encoding": "Identity" })],
		ends: "saved",
	}),
	transferCell("body: without end", {
		answers: [endless(VIDEO, { Connection: "close" })],
		options: { maxBytes: 3_000_000 },
		ends: "file_too_large",
		requests: 1,
	}),
	transferCell("body: chunks without end", {
		answers: [
			async (socket) => {
				socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
				socket.write(chunked(VIDEO));
				const more = chunked(Buffer.alloc(65_536));
				while (!socket.destroyed) await new Promise<void>((done) => socket.write(more, () => done()));
			},
		],
		options: { maxBytes: 3_000_000 },
		ends: "file_too_large",
		requests: 1,
	}),
];
