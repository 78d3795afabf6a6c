import { InputError, type JsonObject, type JsonValue } from "../../src/provider-kit/index.ts";

/**
 * A body with the user's own fields in it, objects joined name by name. Throws `InputError` when the request
 * says a thing already.
 */
export function withOwnOptions(body: JsonObject, own: JsonObject, path = "providerOptions.google"): JsonObject {
	const joined: Record<string, JsonValue> = { ...body };
	for (const [name, value] of Object.entries(own)) {
		const said = Object.hasOwn(body, name) ? body[name] : undefined;
		if (said === undefined) joined[name] = value;
		else if (isObject(said) && isObject(value)) joined[name] = withOwnOptions(said, value, `${path}.${name}`);
		else throw new InputError(`${path}.${name}`, "the request says this too; leave one of them out");
	}
	return joined;
}

/** An object without the fields that are not given. */
export function given(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
}

function isObject(value: JsonValue): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
