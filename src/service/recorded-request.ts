import { resolve } from "node:path";
import { isSensitiveName, redact, rememberPassingSecret } from "../errors/index.ts";
import type { MediaInput } from "../media/index.ts";
import type { JsonObject, JsonValue } from "../provider/index.ts";
import type { CheckedRequest } from "./validate-request.ts";

/** Names that mean a credential when a user gives them to a service; jobs have a `token` that is none. */
const BARE_NAME = /^(?:token|auth)$/i;

/**
 * A request as the ledger keeps it, to be sent again when the user asks for that: images by path or URL.
 * `undefined` when it cannot be kept so: an image handed over as bytes, or something that looks like a secret.
 *
 * A credential among the provider options is remembered as a secret: the service may repeat it.
 */
export function recordedRequest(request: CheckedRequest): JsonObject | undefined {
	const { image, lastFrame, references, ...options } = request;
	const credentials = credentialsIn(options.providerOptions);
	for (const credential of credentials) rememberPassingSecret(credential);
	if (credentials.length > 0) return undefined;
	const media = { image: whereabouts(image), lastFrame: whereabouts(lastFrame) };
	const guides = references?.map(whereabouts);
	const isWhole =
		(image === undefined || media.image !== undefined) &&
		(lastFrame === undefined || media.lastFrame !== undefined) &&
		guides?.includes(undefined) !== true;
	if (!isWhole) return undefined;
	const text = JSON.stringify({ ...options, ...media, references: guides });
	return redact(text) === text ? asObject(JSON.parse(text)) : undefined;
}

/** Every text below a name that credentials have. */
function credentialsIn(value: unknown, isBelow = false): readonly string[] {
	if (typeof value === "string") return isBelow ? [value] : [];
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) =>
		credentialsIn(inner, isBelow || isSensitiveName(name) || BARE_NAME.test(name)),
	);
}

function whereabouts(input: MediaInput | undefined): string | undefined {
	const text = input instanceof URL ? input.href : input;
	if (typeof text !== "string" || /^data:/i.test(text)) return undefined;
	if (!/^[a-z][a-z0-9+.-]+:/i.test(text)) return resolve(text);
	// A query may be a signature, which is a secret.
	return text.includes("?") ? undefined : text;
}

function asObject(value: JsonValue): JsonObject {
	return value as JsonObject;
}
