import { inspect } from "node:util";
import type { SecretValue } from "../provider/index.ts";
import { rememberSecret } from "./redact.ts";

/** Wraps a key so that printing, logging or serialising it shows `[secret]`. */
export class Secret implements SecretValue {
	readonly #value: string;

	constructor(value: string) {
		this.#value = value;
		rememberSecret(value);
	}

	/** The value itself. Call it where the request is built, and keep the answer nowhere. */
	reveal(): string {
		return this.#value;
	}

	toString(): string {
		return "[secret]";
	}

	toJSON(): string {
		return "[secret]";
	}

	[inspect.custom](): string {
		return "[secret]";
	}
}
