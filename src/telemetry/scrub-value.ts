import { isSensitiveName, redact } from "../errors/index.ts";

const MAXIMUM_DEPTH = 8;

/**
 * A copy of a value that is plain JSON and holds no secret: every text is redacted, bytes are only counted,
 * an error keeps what is safe of it, its cause and its members included. Never throws.
 */
export function scrubValue(value: unknown): unknown {
	return copy(value, []);
}

function copy(value: unknown, parents: readonly object[]): unknown {
	switch (typeof value) {
		case "string":
			return redact(value);
		case "bigint":
			return String(value);
		case "symbol":
		case "function":
			return `[${typeof value}]`;
		case "object":
			break;
		default:
			return value;
	}
	if (value === null) return null;
	if (parents.includes(value)) return "[circular]";
	if (parents.length >= MAXIMUM_DEPTH) return "[deeper]";
	try {
		return copyObject(value, [...parents, value]);
	} catch {
		// A getter of somebody else's object threw.
		return "[unreadable]";
	}
}

function copyObject(value: object, parents: readonly object[]): unknown {
	if (value instanceof Error) return copyError(value, parents);
	if (value instanceof URL) return redact(value.href);
	if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
	if (value instanceof Blob) return `[${value.size} bytes]`;
	if (Array.isArray(value)) {
		// Raw headers come as a flat list of names and values.
		return value.map((item, index) => (isSensitive(value[index - 1]) ? "[secret]" : copy(item, parents)));
	}
	if (value instanceof Set) return copy([...value], parents);
	if (value instanceof Map || value instanceof Headers) return copyFields([...value], parents);
	if ("toJSON" in value && typeof value.toJSON === "function") return copy(value.toJSON(), parents);
	return copyFields(Object.entries(value), parents);
}

function copyError(error: Error, parents: readonly object[]): unknown {
	const { name, message, stack, cause } = error;
	const fields = {
		...error,
		name,
		message,
		...(error instanceof AggregateError ? { errors: error.errors } : {}),
		...(stack === undefined ? {} : { stack }),
		...(cause === undefined ? {} : { cause }),
	};
	return copyFields(Object.entries(fields), parents);
}

function copyFields(
	fields: readonly (readonly [unknown, unknown])[],
	parents: readonly object[],
): Record<string, unknown> {
	return Object.fromEntries(
		fields.map(([name, value]) => [
			redact(String(name)),
			isSensitive(name) && value !== undefined ? "[secret]" : copy(value, parents),
		]),
	);
}

/** What sits below such a name is left out, whatever it is. */
function isSensitive(name: unknown): boolean {
	return typeof name === "string" && isSensitiveName(name);
}
