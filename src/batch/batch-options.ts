import { InputError } from "../errors/index.ts";
import type { CallOptions } from "./batch-item.ts";

/** How far a batch is. */
export interface BatchProgress {
	/** How many items there are; absent while the end of a stream is not known. */
	readonly total?: number;
	/** How many have ended, well or not. */
	readonly done: number;
	/** How many of those have a video. */
	readonly successful: number;
	/** How many of those have none. */
	readonly failed: number;
	/** How many are being worked on. */
	readonly running: number;
}

/** What is asked of a batch as a whole. */
export interface BatchSettings {
	/** How many items are worked on at once, 1 or more. @default 5 */
	readonly concurrency?: number | undefined;
	/**
	 * How many of those may be one provider's: one number for every provider, or one by the provider's id. An
	 * item counts for the first provider of its chain that is not left alone. @default `concurrency`
	 */
	readonly concurrencyPerProvider?: number | Readonly<Record<string, number>> | undefined;
	/** Called when items start or end. What it throws is logged and harms nothing. */
	readonly onProgress?: ((progress: BatchProgress) => void) | undefined;
}

/**
 * How to make a batch: its own settings, and the options that hold for every item that does not say
 * otherwise. `timeoutMs` and `maxCostUsd` are those of one item. A key belongs to one item only.
 */
export type BatchOptions<Options> = BatchSettings & Omit<Options, keyof BatchSettings | "idempotencyKey">;

/** Options that were checked. */
export interface BatchPlan<Options> {
	readonly concurrency: number;
	/** How many items one provider may have at once. */
	readonly limitOf: (provider: string) => number;
	readonly onProgress: ((progress: BatchProgress) => void) | undefined;
	/** What holds for every item. */
	readonly shared: Partial<Options> & CallOptions;
}

/** How many items are worked on at once when nobody says. */
export const DEFAULT_CONCURRENCY = 5;

/**
 * Checks what was asked of a batch. `checkCall` throws for options that no call takes.
 *
 * Throws `InputError` that names the option.
 */
export function planBatch<Options extends CallOptions>(
	options: BatchOptions<Options>,
	checkCall: (options: unknown) => unknown,
): BatchPlan<Options> {
	if (typeof options !== "object" || options === null) throw new InputError("options", "must be an object");
	const { concurrency, concurrencyPerProvider, onProgress, ...rest } = options;
	const shared = rest as unknown as BatchPlan<Options>["shared"];
	if ("idempotencyKey" in shared && shared.idempotencyKey !== undefined) {
		throw new InputError("idempotencyKey", "belongs to one item; give it in the options of the items");
	}
	if (onProgress !== undefined && typeof onProgress !== "function") {
		throw new InputError("onProgress", "must be a function");
	}
	checkCall(shared);
	const most = checkCount("concurrency", concurrency) ?? DEFAULT_CONCURRENCY;
	return { concurrency: most, limitOf: providerLimits(concurrencyPerProvider, most), onProgress, shared };
}

function providerLimits(
	given: BatchSettings["concurrencyPerProvider"],
	concurrency: number,
): (provider: string) => number {
	if (typeof given !== "object") {
		const limit = checkCount("concurrencyPerProvider", given) ?? concurrency;
		return () => limit;
	}
	const entries = Object.entries(given ?? {}).map(
		([provider, limit]) => [provider, checkCount(`concurrencyPerProvider.${provider}`, limit)] as const,
	);
	const limits = new Map(entries);
	return (provider) => limits.get(provider) ?? concurrency;
}

function checkCount(field: string, value: unknown): number | undefined {
	if (value === undefined) return undefined;
	if (Number.isInteger(value) && Number(value) >= 1) return Number(value);
	throw new InputError(field, "must be a whole number of at least 1");
}
