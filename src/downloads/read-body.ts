import { finished, type Readable } from "node:stream";

/**
 * Hands over every chunk of a body, in order, until it ends. While a promise that `onChunk` returned is
 * pending, nothing more is read from the connection. Throws what the body, or `onChunk`, throws; bytes that
 * had arrived before the connection broke are handed over first.
 *
 * Plain events: an async iterator costs several promises for each of the 16,384 chunks of a gibibyte.
 */
export function readBody(body: Readable, onChunk: (chunk: Uint8Array) => Promise<void> | undefined): Promise<void> {
	return new Promise((resolve, reject) => {
		let isOver = false;
		function fail(error: unknown): void {
			isOver = true;
			body.off("data", take);
			reject(error);
		}
		function take(chunk: Uint8Array): void {
			try {
				const pause = onChunk(chunk);
				if (pause === undefined) return;
				body.pause();
				pause.then(() => body.resume(), fail);
			} catch (error) {
				fail(error);
			}
		}
		function breakOff(error: unknown): void {
			body.off("data", take);
			for (let chunk = nextChunk(); chunk !== null; chunk = nextChunk()) take(chunk);
			fail(error);
		}
		function nextChunk(): Uint8Array | null {
			return isOver ? null : body.read();
		}
		// A stream that is broken already would throw its buffer away.
		if (!body.destroyed) body.on("data", take);
		// Unlike a listener, this also tells of a body that broke before anybody listened.
		finished(body, (error) => (error ? breakOff(error) : resolve()));
	});
}
