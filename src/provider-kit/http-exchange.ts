import { ConfigurationError, redact } from "../errors/index.ts";
import type { CallContext, JsonValue } from "../provider/index.ts";
import { parseJson } from "./parse-json.ts";
import { describeUrl } from "./request-url.ts";

/** One request to a service. */
export interface HttpRequest {
	/** Where to; made by `joinUrl`. Keep secrets out of it. */
	readonly url: URL;
	/** Added to the query of the URL. What is `undefined` is left out. */
	readonly query?: Readonly<Record<string, string | undefined>>;
	readonly method?: string;
	/** The credential among them. `accept` and the content type of JSON are added. */
	readonly headers?: Readonly<Record<string, string>>;
	/** A form, bytes and text are sent as they are, everything else as JSON. What is `undefined` is left out. */
	readonly body?: JsonValue | { readonly [name: string]: JsonValue | undefined } | FormData | Uint8Array;
	/** The largest answer that is read, in bytes. @default 4194304 */
	readonly maxBytes?: number;
}

/** The answer to one request. */
export interface HttpAnswer {
	readonly status: number;
	readonly headers: Headers;
	/** The body, when it is JSON. */
	readonly json: JsonValue | undefined;
}

/** An answer with what its error needs to say. */
export interface ReadAnswer extends HttpAnswer {
	/** The body as far as it could be read. */
	readonly text: string;
	/** What is wrong with the body, as the end of a sentence. */
	readonly problem?: string;
	/** The error that ended the body. */
	readonly cause?: unknown;
}

/** The largest answer that is read unless a request says otherwise, in bytes. */
export const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;
const CREDENTIAL_NAME = /auth|key|token|secret|cookie/i;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
const SHORTEST_CREDENTIAL = 6;

/** One request, and how to speak of it without its secrets. */
export class Exchange {
	readonly #request: HttpRequest;
	readonly #method: string;

	/** Throws `ConfigurationError` for a header that HTTP cannot carry, a key with a line break above all. */
	constructor(request: HttpRequest, method: string) {
		this.#request = request;
		this.#method = request.method ?? method;
		for (const [name, value] of Object.entries(request.headers ?? {})) {
			if (HEADER_VALUE.test(value)) continue;
			throw new ConfigurationError(
				`the header ${name} has a line break or a character outside ASCII; check the key that it is made of`,
			);
		}
	}

	/** The method and the address, for messages. */
	get name(): string {
		return `${this.#method} ${describeUrl(this.#request.url)}`;
	}

	/**
	 * Sends it once, follows no redirect, and reads the answer up to its limit. Throws what `fetch` throws;
	 * a body that cannot be read is said in the answer, since its status may say enough.
	 *
	 * `mayRead` tells of which statuses the whole body matters; of others enough for a message is read.
	 */
	async send({ fetch, signal }: CallContext, mayRead: (status: number) => boolean): Promise<ReadAnswer> {
		const { body, query = {} } = this.#request;
		const url = new URL(this.#request.url);
		for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
		const headers = new Headers(this.#request.headers);
		if (!headers.has("accept")) headers.set("accept", "application/json");
		const isRaw = typeof body === "string" || body instanceof FormData || body instanceof Uint8Array;
		if (body !== undefined && !isRaw && !headers.has("content-type")) headers.set("content-type", "application/json");
		const response = await fetch(url, {
			method: this.#method,
			headers: Object.fromEntries(headers),
			redirect: "manual",
			signal,
			...(body === undefined
				? {}
				: { body: isRaw ? (body as NonNullable<RequestInit["body"]>) : JSON.stringify(body) }),
		});
		const { status } = response;
		const maxBytes = mayRead(status) ? (this.#request.maxBytes ?? DEFAULT_MAX_BYTES) : MAX_ERROR_BYTES;
		const read = await readBody(response, maxBytes);
		return { status, headers: response.headers, ...read, json: parseJson(read.text) };
	}

	/** The text without secrets, those of the request's own headers included. */
	hide(text: string): string {
		let safe = redact(text);
		for (const [name, value] of Object.entries(this.#request.headers ?? {})) {
			if (!CREDENTIAL_NAME.test(name) || name.toLowerCase() === "idempotency-key") continue;
			for (const part of [value, ...value.split(/\s+/)]) {
				if (part.length >= SHORTEST_CREDENTIAL) safe = safe.replaceAll(part, "[secret]");
			}
		}
		return safe;
	}
}

async function readBody(
	{ body }: Response,
	maxBytes: number,
): Promise<{ readonly text: string; readonly problem?: string; readonly cause?: unknown }> {
	const chunks: Uint8Array[] = [];
	let sizeBytes = 0;
	try {
		for await (const chunk of body ?? []) {
			sizeBytes += chunk.byteLength;
			if (sizeBytes > maxBytes) return { text: "", problem: `is larger than ${maxBytes} bytes` };
			chunks.push(chunk);
		}
	} catch (cause) {
		return { text: new TextDecoder().decode(Buffer.concat(chunks)), problem: "was cut", cause };
	}
	try {
		return { text: new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks)) };
	} catch (cause) {
		return { text: "", problem: "is not UTF-8", cause };
	}
}
