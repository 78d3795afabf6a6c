import { z } from "zod";
import {
	type JsonObject,
	type JsonValue,
	type OperationStatus,
	parseHandle,
	type SubmitAnswer,
} from "../../../src/provider-kit/index.ts";
import type { Route } from "../access.ts";
import type { InferenceProviderId } from "../inference-providers.ts";
import { falAi } from "./fal-ai.ts";
import { novita } from "./novita.ts";
import type { Ask, Submitted } from "./protocol.ts";
import { replicate } from "./replicate.ts";
import { together } from "./together.ts";
import { wavespeed } from "./wavespeed.ts";

const PROTOCOLS = { "fal-ai": falAi, replicate, novita, wavespeed, together } as const;
const handleSchema = z.union([falAi.handle, replicate.handle, novita.handle, wavespeed.handle, together.handle]);

/** What leads back to a job: who took it, by which way, under which id. */
export type Handle = z.infer<typeof handleSchema>;

/** The handle in the answer to a submission, and what the answer said of the job. */
export function readSubmitted(
	at: InferenceProviderId,
	route: Route,
	answer: SubmitAnswer,
	providerId: string,
): { readonly handle: JsonObject; readonly status?: OperationStatus } {
	const { place, ...rest }: Submitted<{ readonly id: string }> = PROTOCOLS[at].submitted(answer, providerId);
	return { handle: { at, route, ...place }, ...rest };
}

/** A handle that came back. Throws `OperationNotFoundError` when it is not one of ours. */
export function readHandle(handle: JsonValue): Handle {
	return parseHandle(handleSchema, handle);
}

/** One look at a job. */
export function look(handle: Handle, ask: Ask): Promise<OperationStatus> {
	switch (handle.at) {
		case "fal-ai":
			return falAi.look(handle, ask);
		case "replicate":
			return replicate.look(handle, ask);
		case "novita":
			return novita.look(handle, ask);
		case "wavespeed":
			return wavespeed.look(handle, ask);
		case "together":
			return together.look(handle, ask);
	}
}
