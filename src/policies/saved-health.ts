import { z } from "zod";
import type { SavedBreaker } from "./breaker.ts";
import type { CallStage } from "./call-stage.ts";

/** What the breakers know, as plain JSON. */
export interface SavedHealth {
	readonly version: 1;
	/** Wall clock, in milliseconds since 1970-01-01 UTC. */
	readonly savedAtMs: number;
	readonly models: readonly SavedModel[];
}

/** What the breakers of one model know, used by one account. */
export interface SavedModel {
	readonly provider: string;
	readonly model: string;
	readonly account?: string | undefined;
	readonly stages: Readonly<Record<CallStage, SavedBreaker>>;
}

const amount = z.number().min(0);
const breaker = z.lazy(() =>
	z.object({
		probeInMs: amount.optional(),
		consecutive: amount,
		window: z
			.array(z.tuple([amount, amount, amount]).readonly())
			.max(100)
			.readonly(),
	}),
);
const savedHealth: z.ZodType<SavedHealth> = z.lazy(() =>
	z.object({
		version: z.literal(1),
		savedAtMs: z.number(),
		models: z
			.array(
				z.object({
					provider: z.string(),
					model: z.string(),
					account: z.string().optional(),
					stages: z.object({ submit: breaker, poll: breaker, download: breaker }).readonly(),
				}),
			)
			.readonly(),
	}),
);

/** Reads what was stored; `undefined` when it is something else. */
export function parseSavedHealth(stored: unknown): SavedHealth | undefined {
	return savedHealth.safeParse(stored).data;
}
