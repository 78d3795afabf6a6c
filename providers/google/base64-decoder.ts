import { noVerdict, type ProviderError } from "../../src/provider-kit/index.ts";

/** Decodes base64 in JSON piece by piece, into memory that grows in place. */
export class Base64Decoder {
	/** Reserves addresses only; memory is taken as it is filled. */
	readonly #buffer = new ArrayBuffer(0, { maxByteLength: LARGEST_BYTES });
	#sizeBytes = 0;
	/** Digits that do not fill three bytes yet, or an escape that has not ended. */
	#rest = "";
	#hasEnded = false;

	/** Whether the beginning of a text is that of base64. */
	static canRead(beginning: Uint8Array): boolean {
		return BASE64.test(unescaped(latin1(beginning)).text);
	}

	/** Throws `ProviderError` for what is no base64, and when there is more than fits. */
	write(piece: Uint8Array): void {
		const { text, open } = unescaped(this.#rest + latin1(piece));
		const whole = text.length - (text.length % 4);
		this.#rest = text.slice(whole) + open;
		this.#decode(text.slice(0, whole));
	}

	/** All bytes. Throws `ProviderError` when the text ended in the middle. */
	finish(): Uint8Array {
		const rest = this.#rest;
		this.#rest = "";
		this.#decode(rest);
		this.#buffer.resize(this.#sizeBytes);
		return new Uint8Array(this.#buffer, 0, this.#sizeBytes);
	}

	#decode(text: string): void {
		if (text === "") return;
		const digits = text.replace(/=+$/, "").length;
		if (this.#hasEnded || !BASE64.test(text) || digits % 4 === 1) throw unreadable("is not in base64");
		this.#hasEnded = digits % 4 !== 0;
		const decodedBytes = Math.floor((digits * 3) / 4);
		const neededBytes = this.#sizeBytes + decodedBytes;
		if (neededBytes > LARGEST_BYTES) throw unreadable(`is larger than ${LARGEST_BYTES} bytes`);
		if (neededBytes > this.#buffer.byteLength) {
			this.#buffer.resize(Math.min(LARGEST_BYTES, Math.ceil(neededBytes / STEP_BYTES) * STEP_BYTES));
		}
		Buffer.from(this.#buffer, this.#sizeBytes, decodedBytes).write(text, "base64");
		this.#sizeBytes = neededBytes;
	}
}

const LARGEST_BYTES = 1024 ** 3;
const STEP_BYTES = 1024 ** 2;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const OPEN_ESCAPE = /\\(?:u[0-9a-fA-F]{0,3})?$/;

/** JSON may write a slash and an equals sign as escapes. One that has not ended is left for later. */
function unescaped(text: string): { readonly text: string; readonly open: string } {
	if (!text.includes("\\")) return { text, open: "" };
	const open = OPEN_ESCAPE.exec(text)?.[0] ?? "";
	const ended = text.slice(0, text.length - open.length);
	return { text: ended.replace(/\\u003d/gi, "=").replaceAll("\\/", "/"), open };
}

function latin1(piece: Uint8Array): string {
	return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1");
}

function unreadable(problem: string): ProviderError {
	return noVerdict(`a video in the answer ${problem}; it is asked for again later`);
}
