import { setImmediate as turn } from "node:timers/promises";
import { cutAt, ETAG, head, ranged, whole } from "../../support/download-answers.ts";
import type { Answer } from "../../support/download-server.ts";
import type { FaultCell } from "./report.ts";
import { type CellTools, transferCell, VIDEO } from "./transfer-cell.ts";

const SIZE = VIDEO.byteLength;
const START = 50_000;

/** One byte a second, of which a minute passes in a few turns of the event loop. */
function drip({ time, server }: CellTools): Answer {
	return async (socket) => {
		socket.setNoDelay(true);
		socket.write(head(200, { ETag: ETAG, "Content-Length": SIZE }));
		socket.write(VIDEO.subarray(0, START));
		await server.untilKept?.(START);
		for (let sent = START; !socket.destroyed && sent < START + 300; sent += 1) {
			await new Promise<void>((done) => socket.write(VIDEO.subarray(sent, sent + 1), () => done()));
			time.advance(1_000);
			await turn();
		}
	};
}

/** Servers that stop, or hardly go on. */
export const SLOW_CELLS: readonly FaultCell[] = [
	transferCell("slow: a byte a second, then a good server", {
		answers: (tools) => [drip(tools), ranged(VIDEO)],
		ends: "saved",
		requests: 2,
	}),
	transferCell("slow: a byte a second at every try, of a file whose version is not known", {
		answers: ({ time }) => [
			async (socket) => {
				socket.write(head(200, { "Content-Length": SIZE }));
				socket.write(VIDEO.subarray(0, START));
				for (let sent = START; !socket.destroyed; sent += 1) {
					await new Promise<void>((done) => socket.write(VIDEO.subarray(sent, sent + 1), () => done()));
					time.advance(1_000);
					await turn();
				}
			},
		],
		network: { limits: { maxAttempts: 2 } },
		ends: "download_failed",
		says: /less than 1 KiB a second/,
		requests: 2,
	}),
	transferCell("slow: stops in the middle, then a good server", {
		answers: [cutAt(VIDEO, START, "stall"), ranged(VIDEO)],
		network: { limits: { idleTimeoutMs: 100 } },
		ends: "saved",
		ranges: [undefined, `bytes=${START}-`],
	}),
	transferCell("slow: stops in the middle at every try", {
		answers: [cutAt(VIDEO, START, "stall")],
		network: { limits: { idleTimeoutMs: 100, maxAttempts: 1 } },
		ends: "download_failed",
		says: /stopped sending/,
		keeps: START,
	}),
	transferCell("slow: no answer, then a good server", {
		answers: [() => {}, whole(VIDEO)],
		network: { limits: { headersTimeoutMs: 100 } },
		ends: "saved",
		requests: 2,
	}),
	transferCell("slow: half a header, then a good server", {
		answers: [(socket) => void socket.write("HTTP/1.1 200 OK\r\nContent-Le"), whole(VIDEO)],
		network: { limits: { headersTimeoutMs: 100 } },
		ends: "saved",
		requests: 2,
	}),
	transferCell("slow: no answer at every try", {
		answers: [() => {}],
		network: { limits: { headersTimeoutMs: 30, maxAttempts: 2 } },
		ends: "download_failed",
		says: /did not answer in time/,
		requests: 2,
	}),
	transferCell("slow: does not end within the time for all tries", {
		answers: [cutAt(VIDEO, START, "stall")],
		network: { limits: { totalTimeoutMs: 500 } },
		ends: "download_failed",
		says: /did not finish within/,
		keeps: START,
	}),
	transferCell("slow: nobody waits any more", {
		answers: [cutAt(VIDEO, START, "stall")],
		abortAt: START,
		ends: "cancelled",
		keeps: START,
	}),
];
