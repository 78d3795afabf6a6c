import { InputError } from "../errors/index.ts";
import { type BatchItem, type CallOptions, splitItem } from "./batch-item.ts";
import type { BatchMeans } from "./batch-means.ts";
import { type BatchOptions, type BatchPlan, planBatch } from "./batch-options.ts";
import { type BatchEntry, type BatchResult, batchResult } from "./batch-result.ts";
import { BatchRun, type BatchSource, neverStarted } from "./batch-run.ts";
import { fillIndex, requireManyFiles, sharedOutputs } from "./item-output.ts";

/** Items that a stream reads ahead, for each that may run. */
const LOOK_AHEAD = 4;

/**
 * Makes a video for every item, a few at a time, and tells what came of each; the failure of one is no
 * other's. Resolves when the last item has ended. An aborted signal ends the batch early: what was
 * accepted can be resumed with the token of its error, and the rest is cancelled without having been sent.
 *
 * Rejects with `InputError`, and nothing sent, for options that cannot be and for items that would write
 * to the same file.
 */
export async function runBatch<Request, Options extends CallOptions>(
	items: readonly BatchItem<NoInfer<Request>, NoInfer<Options>>[],
	options: BatchOptions<NoInfer<Options>>,
	means: BatchMeans<Request, Options>,
): Promise<BatchResult> {
	const startedAt = means.clock.monotonic();
	if (!Array.isArray(items)) throw new InputError("requests", "must be a list; give anything else to batchStream");
	const list: readonly BatchItem<Request, Options>[] = [...items];
	const plan = planBatch(options, means.checkOptions);
	const [shared] = await sharedOutputs(list.map((item, index) => outputOf(item, index, plan)));
	if (shared !== undefined) {
		const [earlier, later, output] = shared;
		throw new InputError(
			"output",
			`item ${earlier + 1} and item ${later + 1} would both be written to "${output}"; ` +
				"use a folder, or a name with {index}",
		);
	}
	const total = list.length;
	const ended = new Map<number, BatchEntry>();
	const run = new BatchRun(list, plan, means, { total, lookAhead: Number.POSITIVE_INFINITY });
	for await (const entry of run.entries()) ended.set(entry.index, entry);
	const reason = plan.shared.signal?.reason ?? means.closing?.reason;
	const results = list.map(
		(_, index): BatchEntry => ended.get(index) ?? { index, status: "rejected", error: neverStarted(reason) },
	);
	return batchResult(results, means.clock.monotonic() - startedAt);
}

/**
 * The same for items that need not all be there at once, or fit into memory: tells what came of each as it
 * ends, so not in their order; `index` says which it was. At most `concurrency` items run, and four
 * times as many are read ahead or wait to be taken; whoever takes slowly slows the batch down.
 *
 * An aborted signal ends the stream once everything that was read has its entry. Leaving the loop ends the
 * waiting in the same way, and waits until nothing runs. What the source throws is thrown after the last
 * entry. Throws `InputError` at once for options that cannot be.
 */
export function streamBatch<Request, Options extends CallOptions>(
	source: BatchSource<NoInfer<Request>, NoInfer<Options>>,
	options: BatchOptions<NoInfer<Options>>,
	means: BatchMeans<Request, Options>,
): AsyncGenerator<BatchEntry, void, undefined> {
	if (!isSource(source)) throw new InputError("requests", "must be a list, an iterable or an async iterable");
	const plan = planBatch(options, means.checkOptions);
	return entriesOf(source, plan, means);
}

async function* entriesOf<Request, Options extends CallOptions>(
	source: BatchSource<Request, Options>,
	plan: BatchPlan<Options>,
	means: BatchMeans<Request, Options>,
): AsyncGenerator<BatchEntry, void, undefined> {
	await requireManyFiles(plan.shared);
	const run = new BatchRun(source, plan, means, { lookAhead: LOOK_AHEAD * plan.concurrency });
	yield* run.entries();
}

function outputOf<Request, Options extends CallOptions>(
	item: BatchItem<Request, Options>,
	index: number,
	{ shared }: BatchPlan<Options>,
): Pick<CallOptions, "output" | "overwrite"> | undefined {
	try {
		const { output = shared.output, overwrite = shared.overwrite } = splitItem(item).options as CallOptions;
		return output === undefined ? undefined : { output: fillIndex(output, index + 1), overwrite };
	} catch {
		// It fails by itself when its turn comes.
		return undefined;
	}
}

function isSource(value: unknown): boolean {
	return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}
