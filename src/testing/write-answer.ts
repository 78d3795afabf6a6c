import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Fault } from "./faults.ts";

/** An answer, ready to be written. */
export interface WireAnswer {
	readonly status: number;
	readonly headers: OutgoingHttpHeaders;
	readonly body: Uint8Array;
}

/** Ends a request without an answer. A hanging one stays open until the client or the service closes it. */
export function strike(socket: Socket, does: "reset" | "end" | "hang"): void {
	if (does === "reset") socket.resetAndDestroy();
	if (does === "end") socket.end();
}

/** Writes an answer, up to where a fault stops it. */
export function writeAnswer(response: ServerResponse, answer: WireAnswer, fault: Fault | undefined): void {
	const { body, headers, status } = answer;
	const { socket } = response;
	response.writeHead(status, { "content-length": body.byteLength, ...headers });
	if (fault?.does === "cut" && socket !== null) {
		response.flushHeaders();
		response.write(body.subarray(0, fault.afterBytes), () => strike(socket, fault.by));
	} else if (fault?.does === "drip" && socket !== null) {
		drip(response, body, fault.everyMs, socket);
	} else {
		response.end(body);
	}
}

function drip(response: ServerResponse, body: Uint8Array, everyMs: number, socket: Socket): void {
	let sentBytes = 0;
	response.flushHeaders();
	const timer = setInterval(() => {
		response.write(body.subarray(sentBytes, ++sentBytes));
		if (sentBytes < body.byteLength) return;
		clearInterval(timer);
		response.end();
	}, everyMs);
	socket.once("close", () => clearInterval(timer));
}
