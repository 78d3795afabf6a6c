import { z } from "zod";
import {
	given,
	type HttpAnswer,
	type JsonValue,
	jsonAt,
	noVerdict,
	type OperationStatus,
	parseLook,
	parseSubmitted,
} from "../../../src/provider-kit/index.ts";
import { failed, kindOf, reasonOf, succeeded } from "../errors.ts";
import { handleBase, jobId, type Protocol } from "./protocol.ts";

/** Mostly owner and app. No part begins with a dot. */
const appPattern = /^\w[\w.-]*(?:\/\w[\w.-]*){0,7}$/;
const app = z.string().regex(appPattern).max(240);

const submittedSchema = z.looseObject({ request_id: jobId, response_url: z.string().optional().catch(undefined) });
const statusSchema = z.looseObject({
	status: z.string(),
	queue_position: z.int().nonnegative().optional().catch(undefined),
	error: z.unknown().optional(),
	error_type: z.string().optional().catch(undefined),
});

/** Words of fal's own. Any other may be that of a gateway on the way, which knows nothing of the job. */
const OWN_WORD =
	/^(?:(?:runner|client|downstream)_\w+|(?:request|startup|generation)_timeout|internal_(?:server_)?error|no_media_generated|content_policy\w*)$/;

/** Statuses of a result that may be the end of a failed job. */
const VERDICTS = [400, 422, 499, 500, 502, 503, 504];

/** What leads back to a job of the queue. */
export interface FalPlace {
	readonly id: string;
	/** What the queue keeps the request below; mostly shorter than the endpoint. */
	readonly app: string;
	/** What follows the id where the result is, at servers that want it. */
	readonly result?: "response" | undefined;
}

/** fal's queue. */
export const falAi: Protocol<"fal-ai", FalPlace> = {
	handle: handleBase.extend({ at: z.literal("fal-ai"), app, result: z.literal("response").optional() }),
	submitted(answer, providerId) {
		const { request_id: id, response_url: url } = parseSubmitted(submittedSchema, answer);
		// Of a URL of the service only the app's name is taken; none is ever called.
		const path = URL.parse(url ?? "")?.pathname.slice(1) ?? "";
		const [given = "", rest] = path.split(`/requests/${id}`);
		const usual = { place: { id, app: providerId.split("/").slice(0, 2).join("/") } };
		if (!app.safeParse(given).success || (rest !== "" && rest !== "/response")) return usual;
		return { place: rest === "" ? { id, app: given } : { id, app: given, result: "response" } };
	},
	async look({ id, app: owner, result: suffix, route }, ask) {
		const place = [...owner.split("/"), "requests", id];
		const query: Record<string, string> = route === "router" ? { _subdomain: "queue" } : {};
		const look = await ask([...place, "status"], { query });
		// Servers that speak this protocol say "not yet" with nothing at all.
		if (look.json === undefined) return { state: "running" };
		const status = parseLook(statusSchema, look);
		if (status.status !== "COMPLETED") {
			if (status.status !== "IN_QUEUE") return { state: "running" };
			const { queue_position: queuePosition } = status;
			return { state: "queued", ...given({ queuePosition }) };
		}
		const result = await ask(suffix === undefined ? place : [...place, suffix], { query, readableStatuses: VERDICTS });
		return toEnded(result, status);
	},
};

/** There is no state of failure: a job that failed is complete, and its result is an error. */
function toEnded({ status, headers, json }: HttpAnswer, queued: z.infer<typeof statusSchema>): OperationStatus {
	const { error, error_type: announcedType } = queued;
	const announced = reasonOf(error) ?? reasonOf({ error } as JsonValue) ?? announcedType;
	if (status < 400 && status !== 202 && json !== undefined) {
		if (announced !== undefined && jsonAt(json, "video") === undefined) return failed(announced);
		return toSucceeded(json);
	}
	const told = reasonOf(json);
	const isEarly = status < 400 || /still in progress/i.test(told ?? "");
	const types = [jsonAt(json, "detail", 0, "type"), jsonAt(json, "error_type"), jsonAt(json, "error", "code")]
		.concat(announcedType, headers.get("x-fal-error-type") ?? undefined)
		.filter((type) => typeof type === "string");
	if (isEarly && announced === undefined) return { state: "running" };
	const isOwn = announced !== undefined || headers.has("x-fal-error-type") || types.some((type) => OWN_WORD.test(type));
	if (!isOwn && (told === undefined || status >= 500)) {
		throw noVerdict(`fal-ai answered ${status} for the result; it is asked for again later`, { status });
	}
	const reason = (isEarly ? undefined : told) ?? announced ?? types.join(", ");
	return failed(reason, kindByType(types, status, reason));
}

function toSucceeded(json: JsonValue): OperationStatus {
	const url = jsonAt(json, "video", "url") ?? jsonAt(json, "videos", 0, "url") ?? jsonAt(json, "video");
	const ended = succeeded([url]);
	const size = jsonAt(json, "video", "file_size");
	if (ended.state !== "succeeded" || typeof size !== "number" || !Number.isSafeInteger(size) || size <= 0) return ended;
	return { ...ended, assets: [{ ...ended.assets[0], sizeBytes: size } as (typeof ended.assets)[0]] };
}

function kindByType(types: readonly string[], status: number, reason: string): ReturnType<typeof kindOf> {
	if (kindOf(...types) === "refused") return "refused";
	if (types.some((type) => /timeout$/.test(type)) || status === 504) return "expired";
	if (types.some((type) => /^client_/.test(type)) || status === 499) return "cancelled";
	if (types.some((type) => /^(?:runner_|internal_|downstream_|no_media)/.test(type))) return "internal";
	return status === 400 || status === 422 ? (kindOf(reason) === "refused" ? "refused" : "invalid") : "internal";
}
