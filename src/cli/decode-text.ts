import { InputError } from "../errors/index.ts";

/** Reads UTF-8. Throws `InputError` for anything else, which would arrive at a service as question marks. */
export function decodeText(bytes: Uint8Array, field: string): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (cause) {
		throw new InputError(field, "is no UTF-8 text; save it as UTF-8", { cause });
	}
}
