import { cutAt, cutRange, ETAG, type HeaderLines, ranged, reply, whole } from "../../support/download-answers.ts";
import type { Answer } from "../../support/download-server.ts";
import { sha256Of } from "../../support/download-video.ts";
import type { FaultCell } from "./report.ts";
import { OTHER_VIDEO, type TransferScript, transferCell, VIDEO } from "./transfer-cell.ts";

const SIZE = VIDEO.byteLength;
const HALF = 100_001;
const CUT = cutAt(VIDEO, HALF, "fin");
const REST = VIDEO.subarray(HALF);

function part(headers: HeaderLines, body: Uint8Array = REST): Answer {
	return reply(206, headers, body);
}

/** A wrong answer to the request for the rest, and then a good server. */
function wrongPart(name: string, answer: Answer, more: Partial<TransferScript> = {}): FaultCell {
	return transferCell(`resume: ${name}`, {
		answers: [CUT, answer, ranged(VIDEO)],
		ends: "saved",
		startsOver: true,
		ranges: [undefined, `bytes=${HALF}-`, undefined],
		...more,
	});
}

/** What servers do to a request for the rest of a file. */
export const RESUME_CELLS: readonly FaultCell[] = [
	transferCell("resume: the rest, with the version as a condition", {
		answers: [CUT, ranged(VIDEO)],
		ends: "saved",
		requests: 2,
		check: ({ server }) => (server.requests[1]?.headers["if-range"] === ETAG ? [] : ["sent no If-Range"]),
	}),
	transferCell("resume: the file changed, so all of the new one comes", {
		answers: [CUT, ranged(OTHER_VIDEO, '"v2"')],
		ends: "saved",
		video: OTHER_VIDEO,
		startsOver: true,
		requests: 2,
	}),
	transferCell("resume: the file changes at every cut", {
		answers: [CUT, cutAt(OTHER_VIDEO, 50_000, "fin", '"v2"'), cutAt(VIDEO, 60_000, "fin", '"v3"'), ranged(VIDEO)],
		ends: "saved",
		startsOver: true,
		ranges: [undefined, `bytes=${HALF}-`, "bytes=50000-", "bytes=60000-"],
	}),
	transferCell("resume: ranges are not known, so all of it comes again", {
		answers: [CUT, whole(VIDEO)],
		ends: "saved",
		startsOver: true,
		requests: 2,
	}),
	wrongPart(
		"the part starts elsewhere",
		part({ ETag: ETAG, "Content-Range": `bytes ${HALF - 1}-${SIZE - 1}/${SIZE}` }),
	),
	wrongPart("the part ends early", part({ ETag: ETAG, "Content-Range": `bytes ${HALF}-${SIZE - 2}/${SIZE}` })),
	wrongPart(
		"the part is of a file of another size",
		part({ ETag: ETAG, "Content-Range": `bytes ${HALF}-${SIZE}/${SIZE + 1}` }),
	),
	wrongPart("the part's file has no size", part({ ETag: ETAG, "Content-Range": `bytes ${HALF}-${SIZE - 1}/*` })),
	wrongPart("the part does not say where it belongs", part({ ETag: ETAG })),
	wrongPart(
		"the part says it twice",
		part({ ETag: ETAG, "Content-Range": [`bytes ${HALF}-${SIZE - 1}/${SIZE}`, "bytes 0-1/2"] }),
	),
	wrongPart("the part's place is nonsense", part({ ETag: ETAG, "Content-Range": `bytes ${HALF}-x/${SIZE}` })),
	wrongPart(
		"the part has several parts",
		part({ ETag: ETAG, "Content-Type": "multipart/byteranges; boundary=x" }, Buffer.from("--x\r\n")),
	),
	wrongPart(
		"the part is of another version",
		part({ ETag: '"v2"', "Content-Range": `bytes ${HALF}-${SIZE - 1}/${SIZE}` }, OTHER_VIDEO.subarray(HALF)),
	),
	wrongPart(
		"the part's version is weak",
		part({ ETag: `W/${ETAG}`, "Content-Range": `bytes ${HALF}-${SIZE - 1}/${SIZE}` }),
	),
	wrongPart("the part has no version", part({ "Content-Range": `bytes ${HALF}-${SIZE - 1}/${SIZE}` })),
	wrongPart("416 for a file of another size", reply(416, { ETag: ETAG, "Content-Range": `bytes */${HALF + 7}` })),
	wrongPart("416 without a size", reply(416, { ETag: ETAG })),
	wrongPart("416 with nonsense for a size", reply(416, { "Content-Range": "bytes */x" })),
	transferCell("resume: 416 at every try", {
		answers: [CUT, reply(416, { "Content-Range": `bytes */${SIZE}` })],
		ends: "download_failed",
		startsOver: true,
	}),
	transferCell("resume: 416 says that what is here is all, and it is not a whole video", {
		answers: [CUT, reply(416, { ETag: ETAG, "Content-Range": `bytes */${HALF}` }), ranged(VIDEO)],
		ends: "saved",
		startsOver: true,
	}),
	transferCell("resume: a part that nobody asked for", {
		answers: [part({ ETag: ETAG, "Content-Range": `bytes 0-${SIZE - 1}/${SIZE}` }, VIDEO), whole(VIDEO)],
		ends: "saved",
	}),
	transferCell("resume: a part that nobody asked for, at every try", {
		answers: [part({ ETag: ETAG, "Content-Range": `bytes 0-${SIZE - 1}/${SIZE}` }, VIDEO)],
		ends: "download_failed",
	}),
	transferCell("resume: 304 to a request without a condition", {
		answers: [reply(304, { ETag: ETAG })],
		ends: "download_failed",
		says: /HTTP 304/,
	}),
	transferCell("resume: the part is packed", {
		answers: [
			CUT,
			part({ ETag: ETAG, "Content-Encoding": "gzip", "Content-Range": `bytes ${HALF}-${SIZE - 1}/${SIZE}` }),
		],
		ends: "download_failed",
		says: /packed \(gzip\)/,
		keeps: HALF,
	}),
	transferCell("resume: the part is a web page", {
		answers: [
			CUT,
			reply(
				206,
				{ ETag: ETAG, "Content-Type": "text/html", "Content-Range": `bytes ${HALF}-${SIZE - 1}/${SIZE}` },
				"<!doctype html><title>Sign in</title>",
			),
		],
		ends: "bad_media",
		says: /an HTML page/,
	}),
	transferCell("resume: the part goes on beyond its end", {
		answers: [
			CUT,
			reply(
				206,
				{ ETag: ETAG, "Content-Length": SIZE - HALF, "Content-Range": `bytes ${HALF}-${SIZE - 1}/${SIZE}` },
				Buffer.concat([REST, Buffer.alloc(3_000, 66)]),
			),
		],
		ends: "saved",
	}),
	transferCell("resume: the part is longer than it says, in its own length too", {
		answers: [
			CUT,
			part(
				{ ETag: ETAG, "Content-Range": `bytes ${HALF}-${SIZE - 1}/${SIZE}` },
				Buffer.concat([REST, Buffer.alloc(3_000, 66)]),
			),
			ranged(VIDEO),
		],
		ends: "saved",
		startsOver: true,
	}),
	transferCell("resume: the part is shorter than it says", {
		answers: [
			CUT,
			part({ ETag: ETAG, "Content-Range": `bytes ${HALF}-${SIZE - 1}/${SIZE}` }, REST.subarray(0, 10_000)),
			ranged(VIDEO),
		],
		ends: "saved",
		ranges: [undefined, `bytes=${HALF}-`, `bytes=${HALF + 10_000}-`],
	}),
	transferCell("resume: a part of the same version with other bytes", {
		answers: [
			CUT,
			part({ ETag: ETAG, "Content-Range": `bytes ${HALF}-${SIZE - 1}/${SIZE}` }, OTHER_VIDEO.subarray(HALF)),
			ranged(VIDEO),
		],
		asset: () => ({ sha256: sha256Of(VIDEO) }),
		ends: "saved",
		startsOver: true,
	}),
	transferCell("resume: the rest is cut by a reset, twice", {
		answers: [CUT, cutRange(VIDEO, 120_000, "rst"), cutRange(VIDEO, 130_000, "rst"), ranged(VIDEO)],
		ends: "saved",
		ranges: [undefined, `bytes=${HALF}-`, "bytes=120000-", "bytes=130000-"],
	}),
];
