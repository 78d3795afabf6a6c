import type { IncomingMessage } from "node:http";
import type { JsonValue } from "../provider/index.ts";
import type { ReceivedRequest } from "./service-dialect.ts";

/** Reads a request, its whole body unless told otherwise. Rejects when the client goes away before its end. */
export async function readRequest(
	incoming: IncomingMessage,
	origin: string,
	withBody = true,
): Promise<ReceivedRequest> {
	const headers = Object.fromEntries(
		Object.entries(incoming.headersDistinct).map(([name, values = []]) => [name, values.join(", ")]),
	);
	const chunks: Buffer[] = [];
	if (withBody) for await (const chunk of incoming) chunks.push(chunk);
	const body = Buffer.concat(chunks);
	const type = headers["content-type"] ?? "";
	return {
		method: incoming.method ?? "GET",
		url: new URL(incoming.url ?? "/", origin),
		headers,
		body,
		json: body.length > 0 ? parse(body.toString()) : undefined,
		form:
			body.length > 0 && type.startsWith("multipart/form-data")
				? await new Response(body, { headers: { "content-type": type } }).formData().catch(() => undefined)
				: undefined,
	};
}

function parse(text: string): JsonValue | undefined {
	try {
		return JSON.parse(text) as JsonValue;
	} catch {
		return undefined;
	}
}
