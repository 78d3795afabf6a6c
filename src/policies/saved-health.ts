import { z } from "zod";

const amount = z.number().min(0);
const breaker = z.object({
	probeInMs: amount.optional(),
	consecutive: amount,
	window: z
		.array(z.tuple([amount, amount, amount]).readonly())
		.max(100)
		.readonly(),
});
const model = z.object({
	provider: z.string(),
	model: z.string(),
	account: z.string().optional(),
	stages: z.object({ submit: breaker, poll: breaker, download: breaker }).readonly(),
});
const savedHealth = z.object({
	version: z.literal(1),
	/** Wall clock, in milliseconds since 1970-01-01 UTC. */
	savedAtMs: z.number(),
	models: z.array(model).readonly(),
});

/** What the breakers know, as plain JSON. */
export type SavedHealth = z.infer<typeof savedHealth>;

/** Reads what was stored; `undefined` when it is something else. */
export function parseSavedHealth(stored: unknown): SavedHealth | undefined {
	return savedHealth.safeParse(stored).data;
}
