import { OperationNotFoundError, ProviderError } from "../errors/index.ts";
import type { JsonValue } from "../provider/index.ts";
import { noVerdict } from "./http-errors.ts";
import type { HttpAnswer } from "./http-exchange.ts";

/** What checks a value of the wire. Every zod schema is one; anything with the method will do. */
export interface WireSchema<Output> {
	safeParse(value: unknown): { readonly success: true; readonly data: Output } | { readonly success: false };
}

/**
 * The answer to a submission in the adapter's own words. Throws `ProviderError` with `billed: "unknown"`
 * when it is not what the schema wants: something was accepted, and there is no reference to it.
 */
export function parseSubmitted<Output>(schema: WireSchema<Output>, { json, status }: HttpAnswer): Output {
	const parsed = schema.safeParse(json);
	if (parsed.success) return parsed.data;
	const problem = "the answer to the submission has no usable reference to the operation";
	throw new ProviderError(`${problem}, so it cannot be followed; look for it at the service`, {
		billed: "unknown",
		status,
		...(json === undefined ? {} : { body: JSON.stringify(json) }),
	});
}

/** The answer to a look in the adapter's own words. Throws a retryable `ProviderError` when it has no such words. */
export function parseLook<Output>(schema: WireSchema<Output>, { json, status }: HttpAnswer): Output {
	const parsed = schema.safeParse(json);
	if (parsed.success) return parsed.data;
	throw noVerdict("the service's answer does not have the fields of a status; it is asked again later", {
		status,
		...(json === undefined ? {} : { body: JSON.stringify(json) }),
	});
}

/** A handle that came back. Throws `OperationNotFoundError` when it cannot be one of this adapter's. */
export function parseHandle<Output>(schema: WireSchema<Output>, handle: JsonValue): Output {
	const parsed = schema.safeParse(handle);
	if (parsed.success) return parsed.data;
	throw new OperationNotFoundError("the handle is not one that this provider gives out; check the token", {
		billed: "unknown",
	});
}

/** The id in the answer to a submission, if all of it matches the pattern. Throws as `parseSubmitted` does. */
export function submittedId(answer: HttpAnswer, value: JsonValue | undefined, pattern: RegExp): string {
	return parseSubmitted(idSchema(pattern, value), answer);
}

/** A handle that is an id, if all of it matches the pattern. Throws as `parseHandle` does. */
export function handleId(handle: JsonValue, pattern: RegExp): string {
	return parseHandle(idSchema(pattern, handle), handle);
}

function idSchema(pattern: RegExp, value: JsonValue | undefined): WireSchema<string> {
	return {
		safeParse: () =>
			typeof value === "string" && value.match(pattern)?.[0] === value
				? { success: true, data: value }
				: { success: false },
	};
}
