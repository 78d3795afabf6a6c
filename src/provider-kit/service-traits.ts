import type { ProviderTraits } from "../provider/index.ts";

/**
 * The traits of a service that costs money and promises nothing, to begin with: add what yours documents, by name.
 * No lost submission is found or repeated, no job can be stopped, jobs outlive the process, and any model may exist.
 */
export const PAID_SERVICE: ProviderTraits = {
	idempotency: "none",
	lookup: "none",
	cancel: "none",
	billing: "paid",
	runsIn: "service",
	modelIds: "open",
};
