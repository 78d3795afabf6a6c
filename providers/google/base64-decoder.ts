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
		if (this.#rest.includes("\\") || piece.includes(BACKSLASH) || piece.includes(EQUALS)) {
			this.#writeText(latin1(piece));
			return;
		}
		// Nearly everything: digits only. Texts of them all would be as much garbage as the video is large.
		const first = Math.min(piece.byteLength, (4 - this.#rest.length) % 4);
		const last = piece.byteLength - ((piece.byteLength - first) % 4);
		this.#writeText(latin1(piece.subarray(0, first)));
		this.#decodeDigits(piece.subarray(first, last));
		this.#writeText(latin1(piece.subarray(last)));
	}

	#writeText(piece: string): void {
		const { text, open } = unescaped(this.#rest + piece);
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
		const decoded = this.#grow(Math.floor((digits * 3) / 4));
		Buffer.from(decoded.buffer, decoded.byteOffset, decoded.byteLength).write(text, "base64");
	}

	/** Whole groups of four digits. */
	#decodeDigits(digits: Uint8Array): void {
		if (digits.byteLength === 0) return;
		const decoded = this.#grow((digits.byteLength / 4) * 3);
		let seen = this.#hasEnded ? NO_DIGIT : 0;
		const valueAt = (index: number) => VALUES[digits[index] ?? 0] ?? NO_DIGIT;
		for (let from = 0, to = 0; from < digits.byteLength; from += 4, to += 3) {
			const [a, b, c, d] = [valueAt(from), valueAt(from + 1), valueAt(from + 2), valueAt(from + 3)];
			seen |= a | b | c | d;
			decoded[to] = (a << 2) | (b >> 4);
			decoded[to + 1] = (b << 4) | (c >> 2);
			decoded[to + 2] = (c << 6) | d;
		}
		if ((seen & NO_DIGIT) !== 0) throw unreadable("is not in base64");
	}

	/** Room for more bytes behind those that there are. */
	#grow(addedBytes: number): Uint8Array {
		const start = this.#sizeBytes;
		const neededBytes = start + addedBytes;
		if (neededBytes > LARGEST_BYTES) throw unreadable(`is larger than ${LARGEST_BYTES} bytes`);
		if (neededBytes > this.#buffer.byteLength) {
			this.#buffer.resize(Math.min(LARGEST_BYTES, Math.ceil(neededBytes / STEP_BYTES) * STEP_BYTES));
		}
		this.#sizeBytes = neededBytes;
		return new Uint8Array(this.#buffer, start, addedBytes);
	}
}

const LARGEST_BYTES = 1024 ** 3;
const STEP_BYTES = 1024 ** 2;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const BACKSLASH = 0x5c;
const EQUALS = 0x3d;
const NO_DIGIT = 0x80;
/** What each character stands for, in both alphabets of base64. */
const VALUES = new Uint8Array(256).fill(NO_DIGIT);
for (const [value, digit] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries()) {
	VALUES[digit.charCodeAt(0)] = value;
}
VALUES["-".charCodeAt(0)] = 62;
VALUES["_".charCodeAt(0)] = 63;
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
