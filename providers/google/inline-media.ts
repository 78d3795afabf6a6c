import type { CallContext } from "../../src/provider-kit/index.ts";
import { Base64Decoder } from "./base64-decoder.ts";

/** The long base64 texts of an answer, decoded as they arrived. */
export class InlineMedia {
	readonly #found: Uint8Array[] = [];

	/** Keeps bytes, and gives the text that stands for them in the answer. */
	keep(bytes: Uint8Array): string {
		return `${MARK}${this.#found.push(bytes) - 1}`;
	}

	/** The bytes of a base64 text in the answer, long or short; `undefined` when it is no base64. */
	decode(text: string): Uint8Array | undefined {
		if (text.startsWith(MARK)) return this.#found[Number(text.slice(MARK.length))];
		if (!BASE64.test(text)) return undefined;
		const bytes = Buffer.from(text, "base64");
		return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}
}

/** A text that is longer is media, if it is base64. */
const LONGEST_TEXT = 65_536;
/** Cannot stand in the JSON of a service unescaped, nor be part of base64. */
const MARK = "\u0000media:";
const BASE64 = /^[A-Za-z0-9+/_-]{2,}={0,2}$/;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * A context whose answers leave their long base64 texts in `media`, decoded. A video of 200 MB is 270 MB of
 * base64, of which a JSON parser makes several copies; this makes one, of the video itself.
 */
export function withInlineMedia({ fetch, signal }: CallContext): {
	readonly context: CallContext;
	readonly media: InlineMedia;
} {
	const media = new InlineMedia();
	const lean: CallContext["fetch"] = async (input, init) => {
		const response = await fetch(input, init);
		const { body, status, headers } = response;
		if (body === null || status !== 200) return response;
		return new Response(body.pipeThrough(new TransformStream(new MediaFilter(media))), { status, headers });
	};
	return { context: { fetch: lean, signal }, media };
}

/** Passes JSON on, with its long base64 texts replaced. */
class MediaFilter {
	readonly #media: InlineMedia;
	/** Inside a text: what of it is held back; `undefined` outside, and in one that turned out to be none of ours. */
	#held: HeldText | undefined;
	#isInText = false;
	#isEscaped = false;

	constructor(media: InlineMedia) {
		this.#media = media;
	}

	transform(chunk: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>): void {
		let start = 0;
		while (start < chunk.byteLength) {
			const end = this.#isInText ? this.#endOfText(chunk, start) : chunk.indexOf(QUOTE, start);
			const part = chunk.subarray(start, end === -1 ? chunk.byteLength : end);
			this.#pass(part, controller);
			if (end === -1) return;
			this.#turn(controller);
			start = end + 1;
		}
	}

	flush(controller: TransformStreamDefaultController<Uint8Array>): void {
		for (const part of this.#held?.parts ?? []) controller.enqueue(part);
	}

	/** Where the text ends, past everything that is escaped; -1 when it goes on. */
	#endOfText(chunk: Uint8Array, start: number): number {
		let from = start;
		if (this.#isEscaped) from++;
		this.#isEscaped = false;
		for (;;) {
			const quote = chunk.indexOf(QUOTE, from);
			const backslash = chunk.indexOf(BACKSLASH, from);
			if (backslash === -1 || (quote !== -1 && quote < backslash)) return quote;
			if (backslash + 1 >= chunk.byteLength) {
				this.#isEscaped = true;
				return -1;
			}
			from = backslash + 2;
		}
	}

	#pass(part: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>): void {
		if (this.#held?.add(part) === true) return;
		for (const held of this.#held?.parts ?? [part]) controller.enqueue(held);
		this.#held = undefined;
	}

	/** At a quote. */
	#turn(controller: TransformStreamDefaultController<Uint8Array>): void {
		if (this.#isInText) {
			const bytes = this.#held?.finish();
			if (bytes === undefined) for (const part of this.#held?.parts ?? []) controller.enqueue(part);
			else controller.enqueue(Buffer.from(JSON.stringify(this.#media.keep(bytes)).slice(1, -1)));
			this.#held = undefined;
		} else {
			this.#held = new HeldText();
		}
		this.#isInText = !this.#isInText;
		controller.enqueue(Uint8Array.of(QUOTE));
	}
}

/** A text as far as it has arrived: kept as it is while it is short, decoded when it is long and base64. */
class HeldText {
	/** What has arrived and is not decoded. */
	readonly parts: Uint8Array[] = [];
	#sizeBytes = 0;
	#decoder: Base64Decoder | undefined;

	/** `false` when the text is long and no base64, so that what is held has to be passed on. */
	add(part: Uint8Array): boolean {
		if (this.#decoder !== undefined) {
			this.#decoder.write(part);
			return true;
		}
		this.parts.push(part);
		this.#sizeBytes += part.byteLength;
		if (this.#sizeBytes <= LONGEST_TEXT) return true;
		if (!Base64Decoder.canRead(Buffer.concat(this.parts))) return false;
		this.#decoder = new Base64Decoder();
		for (const held of this.parts) this.#decoder.write(held);
		this.parts.length = 0;
		return true;
	}

	/** The bytes of a text that was decoded. */
	finish(): Uint8Array | undefined {
		return this.#decoder?.finish();
	}
}
