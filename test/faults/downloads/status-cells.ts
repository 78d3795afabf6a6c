import { MediaError, ProviderError } from "../../../src/errors/index.ts";
import { cutAt, ETAG, ranged, reply, whole } from "../../support/download-answers.ts";
import type { Answer } from "../../support/download-server.ts";
import type { FaultCell } from "./report.ts";
import { type CellTools, OTHER_VIDEO, transferCell, VIDEO } from "./transfer-cell.ts";

const HALF = 100_001;
const GONE = [400, 401, 403, 404, 410];
const TRANSIENT = [202, 408, 425, 429, 500, 502, 503, 504, 520, 524];
const FINAL = [201, 204, 205, 300, 305, 402, 405, 406, 409, 418, 451];

/** A fresh URL at another server. */
function freshUrl(...answers: readonly Answer[]) {
	return async ({ startOther }: CellTools) => {
		const { origin } = await startOther(...answers);
		return { kind: "url", url: `${origin}/fresh.mp4` } as const;
	};
}

function waited(milliseconds: number) {
	return ({ time }: CellTools) => (time.waits[0] === milliseconds ? [] : [`waited ${time.waits.join(", ")} ms`]);
}

/** Statuses, what servers ask to wait, and URLs that have expired. */
export const STATUS_CELLS: readonly FaultCell[] = [
	...GONE.flatMap((status) => [
		transferCell(`status: ${status}, and the service gives a fresh URL`, {
			answers: [reply(status, {}, "expired")],
			refresh: freshUrl(whole(VIDEO)),
			ends: "saved",
			requests: 1,
		}),
		transferCell(`status: ${status}, and nobody can be asked`, {
			answers: [reply(status, {}, "expired")],
			ends: "download_failed",
			says: new RegExp(`HTTP ${status}`),
			requests: 1,
		}),
	]),
	...TRANSIENT.flatMap((status) => [
		transferCell(`status: ${status} twice, then the video`, {
			answers: [reply(status), reply(status), whole(VIDEO)],
			ends: "saved",
			requests: 3,
		}),
		transferCell(`status: ${status} at every try`, {
			answers: [reply(status)],
			ends: "download_failed",
			says: new RegExp(`HTTP ${status}`),
			requests: 8,
		}),
	]),
	...FINAL.map((status) =>
		transferCell(`status: ${status}, which no later try would change`, {
			answers: [reply(status)],
			ends: "download_failed",
			says: new RegExp(`HTTP ${status}`),
			requests: 1,
		}),
	),
	...[
		["0", 0],
		["1", 1_050],
		["1.5", 1_575],
		["-1", 250],
		["", 250],
		["abc", 250],
		["Sat, 21 Nov 2026 00:00:30 GMT", 31_500],
		["Fri, 20 Nov 2026 00:00:00 GMT", 0],
	].map(([asked, waitMs]) =>
		transferCell(`status: 503 with Retry-After: ${asked}`, {
			answers: [reply(503, { "Retry-After": String(asked) }), whole(VIDEO)],
			ends: "saved",
			check: waited(Number(waitMs)),
		}),
	),
	transferCell("status: 503 with two Retry-After lines", {
		answers: [reply(503, { "Retry-After": ["2", "4"] }), whole(VIDEO)],
		ends: "saved",
		check: waited(4_200),
	}),
	transferCell("status: 429 with retry-after-ms", {
		answers: [reply(429, { "Retry-After-Ms": "700" }), whole(VIDEO)],
		ends: "saved",
		check: waited(735),
	}),
	...["999999999", "9".repeat(400), "Tue, 01 Jan 2030 00:00:00 GMT"].map((asked) =>
		transferCell(`status: 503 with a Retry-After that nobody waits for (${asked.slice(0, 12)})`, {
			answers: [reply(503, { "Retry-After": asked })],
			ends: "download_failed",
			requests: 1,
			check: ({ time }, outcome) => {
				const told = "retryAfterMs" in outcome ? outcome.retryAfterMs : undefined;
				return time.waits.length === 0 && told === 86_400_000 ? [] : [`waited ${time.waits}, told ${told}`];
			},
		}),
	),
	transferCell("status: the fresh URL has expired too, and a third has not", {
		answers: [reply(403), reply(403), whole(VIDEO)],
		refresh: async ({ server }) => ({ kind: "url", url: `${server.origin}/again.mp4` }),
		ends: "saved",
		requests: 3,
	}),
	transferCell("status: every fresh URL has expired", {
		answers: [reply(403)],
		refresh: async ({ server }) => ({ kind: "url", url: `${server.origin}/again.mp4` }),
		ends: "download_failed",
		requests: 8,
	}),
	transferCell("status: expired, and the service has nothing any more", {
		answers: [reply(410)],
		refresh: async () => {
			throw new ProviderError("the operation is gone", { phase: "poll", status: 404 });
		},
		ends: "download_failed",
		says: /no fresh one: the operation is gone/,
		requests: 1,
	}),
	transferCell("status: expired, and the service cannot be asked for a moment", {
		answers: [reply(410), whole(VIDEO)],
		refresh: async ({ server, time }) => {
			if (time.waits.length === 1) throw new ProviderError("busy", { phase: "poll", status: 503, retryable: true });
			return { kind: "url", url: `${server.origin}/fresh.mp4` };
		},
		ends: "saved",
		requests: 2,
	}),
	transferCell("status: expired in the middle, and the fresh URL has the same version", {
		answers: [cutAt(VIDEO, HALF, "fin"), reply(403), ranged(VIDEO)],
		refresh: async ({ server }) => ({ kind: "url", url: `${server.origin}/fresh.mp4` }),
		ends: "saved",
		ranges: [undefined, `bytes=${HALF}-`, `bytes=${HALF}-`],
	}),
	transferCell("status: expired in the middle, and the fresh URL has another version", {
		answers: [cutAt(VIDEO, HALF, "fin"), reply(403)],
		refresh: freshUrl(ranged(OTHER_VIDEO, '"v2"')),
		ends: "saved",
		video: OTHER_VIDEO,
		startsOver: true,
	}),
	transferCell("status: expired in the middle, and nobody can be asked", {
		answers: [cutAt(VIDEO, HALF, "fin"), reply(403)],
		ends: "download_failed",
		keeps: HALF,
	}),
	transferCell("status: the service hands over bytes in place of an expired URL", {
		answers: [reply(403)],
		refresh: async () => ({ kind: "bytes", data: VIDEO }),
		ends: "saved",
	}),
	transferCell("status: the service finds at last that its video is broken", {
		answers: [reply(403)],
		refresh: async () => {
			throw new MediaError("the service lost the video");
		},
		ends: "download_failed",
	}),
	transferCell("status: 206 to the first request at the fresh URL", {
		answers: [
			cutAt(VIDEO, HALF, "fin"),
			reply(206, { ETag: ETAG, "Content-Range": "bytes 0-0/1" }, "x"),
			ranged(VIDEO),
		],
		ends: "saved",
		startsOver: true,
	}),
];
