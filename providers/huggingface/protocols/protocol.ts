import { z } from "zod";
import type { HttpAnswer, OperationStatus, SubmitAnswer } from "../../../src/provider-kit/index.ts";
import type { InferenceProviderId } from "../inference-providers.ts";

/** What the ids of jobs look like, at all of them. */
export const jobId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/);

/** What every handle has. */
export const handleBase = z.strictObject({
	at: z.string(),
	/** Through the router, or straight. The job is asked for the way it was submitted. */
	route: z.enum(["router", "direct"]),
	id: jobId,
});

/** An accepted submission. */
export interface Submitted<Place> {
	/** What leads back to the job. */
	readonly place: Place;
	/** What the same answer said of it. */
	readonly status?: OperationStatus;
}

/** Sends one look to the inference provider: the path below its root, and what else matters. */
export type Ask = (
	path: readonly string[],
	details?: { readonly query?: Readonly<Record<string, string>>; readonly readableStatuses?: readonly number[] },
) => Promise<HttpAnswer>;

/** How one inference provider speaks of its jobs. */
export interface Protocol<At extends InferenceProviderId, Place extends { readonly id: string }> {
	/** The shape of its handles. */
	readonly handle: z.ZodType<Place & { readonly at: At; readonly route: "router" | "direct" }>;
	/** Reads the answer to a submission. Throws `ProviderError` with `billed: "unknown"` when no id is in it. */
	submitted(answer: SubmitAnswer, providerId: string): Submitted<Place>;
	/** One look. Throws what `lookRequest` throws. */
	look(place: Place & { readonly route: "router" | "direct" }, ask: Ask): Promise<OperationStatus>;
}
