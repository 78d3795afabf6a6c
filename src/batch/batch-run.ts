import { CancelledError, isVideoError, ProviderError, type VideoError } from "../errors/index.ts";
import { type BatchItem, type CallOptions, type SplitItem, splitItem } from "./batch-item.ts";
import type { BatchMeans } from "./batch-means.ts";
import type { BatchPlan } from "./batch-options.ts";
import type { BatchEntry } from "./batch-result.ts";
import { DeadProviders } from "./dead-providers.ts";
import { fillIndex } from "./item-output.ts";
import { type Waiting, WaitingLine } from "./waiting-line.ts";

/** Where items come from. */
export type BatchSource<Request, Options> =
	| Iterable<BatchItem<Request, Options>>
	| AsyncIterable<BatchItem<Request, Options>>;

interface WaitingItem<Request, Options> extends Waiting {
	readonly request: Request;
	readonly options: Options;
	/** The providers of its chain, in order; none when they are not known. */
	readonly providers: readonly string[];
}

/** The lane of items whose providers are not known: they fail by themselves, or go on with a job. */
const NO_PROVIDER = "";

/**
 * One batch: reads items ahead, starts them as places become free, and hands out what came of each. Items
 * that wait, run, or have ended and were not taken yet are all that it holds.
 */
export class BatchRun<Request, Options extends CallOptions> {
	readonly #source: Iterator<BatchItem<Request, Options>> | AsyncIterator<BatchItem<Request, Options>>;
	readonly #plan: BatchPlan<Options>;
	readonly #means: BatchMeans<Request, Options>;
	readonly #total: number | undefined;
	/** How many items may wait, or have ended and not been taken. */
	readonly #lookAhead: number;
	readonly #stop = new AbortController();
	/** Aborted by whoever asked for the batch, by the end of the service, or when nobody takes results any more. */
	readonly #signal: AbortSignal;
	readonly #waiting = new WaitingLine<WaitingItem<Request, Options>>();
	readonly #running = new Set<Promise<void>>();
	readonly #runningIn = new Map<string, number>();
	readonly #ended: BatchEntry[] = [];
	readonly #dead = new DeadProviders();
	#read = 0;
	#isReading = false;
	#isExhausted = false;
	#sourceError: { readonly thrown: unknown } | undefined;
	#done = 0;
	#successful = 0;
	#reported = { done: 0, running: 0 };
	#changed = Promise.withResolvers<void>();

	constructor(
		source: BatchSource<Request, Options>,
		plan: BatchPlan<Options>,
		means: BatchMeans<Request, Options>,
		size: { readonly total?: number; readonly lookAhead: number },
	) {
		this.#source = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
		this.#plan = plan;
		this.#means = means;
		this.#total = size.total;
		this.#lookAhead = size.lookAhead;
		const signals = [this.#stop.signal, plan.shared.signal, means.closing];
		this.#signal = AbortSignal.any(signals.filter((signal) => signal !== undefined));
	}

	/**
	 * What came of the items, as they end. Throws what the source threw, once everything that was read from
	 * it has ended. When the loop is left early, the waiting ends as by the signal.
	 */
	async *entries(): AsyncGenerator<BatchEntry, void, undefined> {
		const onAbort = () => this.#advance();
		this.#signal.addEventListener("abort", onAbort);
		try {
			for (;;) {
				this.#advance();
				const entry = this.#ended.shift();
				if (entry !== undefined) yield entry;
				else if (this.#isOver) break;
				else await this.#changed.promise;
			}
		} finally {
			this.#stop.abort(new CancelledError("the results of the batch are not wanted any more"));
			this.#signal.removeEventListener("abort", onAbort);
			await Promise.all(this.#running);
			this.#leaveSource();
		}
		if (this.#sourceError !== undefined) throw this.#sourceError.thrown;
	}

	get #isOver(): boolean {
		return this.#running.size === 0 && this.#waiting.size === 0 && (this.#isExhausted || this.#signal.aborted);
	}

	/** Does whatever can be done now, and wakes up whoever waits for a change. */
	#advance(): void {
		if (this.#signal.aborted) this.#cancelWaiting();
		else {
			this.#readNext();
			this.#startNext();
		}
		this.#changed.resolve();
		this.#changed = Promise.withResolvers();
		this.#report();
	}

	#readNext(): void {
		if (this.#isReading || this.#isExhausted || this.#waiting.size + this.#ended.length >= this.#lookAhead) return;
		this.#isReading = true;
		void this.#readOne().finally(() => {
			this.#isReading = false;
			this.#advance();
		});
	}

	async #readOne(): Promise<void> {
		try {
			const { done, value } = await this.#source.next();
			if (done === true) this.#isExhausted = true;
			else this.#admit(this.#read++, value);
		} catch (thrown) {
			this.#isExhausted = true;
			this.#sourceError = { thrown };
		}
	}

	/** Lets an item wait for its turn, unless it is known by now that it cannot have one. */
	#admit(index: number, item: BatchItem<Request, Options>): void {
		try {
			const split = splitItem(item);
			const options = this.#optionsOf(split, index);
			this.#enqueue(index, split.request, options, this.#means.providersOf(split.request, options));
		} catch (error) {
			this.#end({ index, status: "rejected", error: asVideoError(error) });
		}
	}

	#optionsOf({ options }: SplitItem<Request, Options>, index: number): Options {
		const { shared } = this.#plan;
		const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
		const merged: CallOptions = { ...shared, ...given };
		const signal = options.signal === undefined ? this.#signal : AbortSignal.any([this.#signal, options.signal]);
		const output = typeof merged.output === "string" ? { output: fillIndex(merged.output, index + 1) } : {};
		return { ...merged, ...output, signal } as Options;
	}

	#enqueue(index: number, request: Request, options: Options, providers: readonly string[]): void {
		const error = this.#dead.verdict(providers);
		if (error !== undefined) {
			this.#end({ index, status: "rejected", error });
			return;
		}
		const lane = providers.find((provider) => !this.#dead.has(provider)) ?? NO_PROVIDER;
		this.#waiting.add({ index, lane, request, options, providers });
	}

	#startNext(): void {
		while (this.#running.size < this.#plan.concurrency) {
			const item = this.#waiting.take((lane) => this.#hasRoom(lane));
			if (item === undefined) return;
			this.#runningIn.set(item.lane, (this.#runningIn.get(item.lane) ?? 0) + 1);
			const work = this.#outcomeOf(item).then((entry) => {
				this.#running.delete(work);
				this.#runningIn.set(item.lane, (this.#runningIn.get(item.lane) ?? 1) - 1);
				this.#end(entry);
				this.#learnFrom(entry);
				this.#advance();
			});
			this.#running.add(work);
		}
	}

	#hasRoom(lane: string): boolean {
		return lane === NO_PROVIDER || (this.#runningIn.get(lane) ?? 0) < this.#plan.limitOf(lane);
	}

	async #outcomeOf({ index, request, options }: WaitingItem<Request, Options>): Promise<BatchEntry> {
		try {
			return { index, status: "fulfilled", video: await this.#means.generate(request, options) };
		} catch (thrown) {
			return { index, status: "rejected", error: asVideoError(thrown) };
		}
	}

	/** Items that wait for a provider which has turned out to be dead wait for the next one, or for nothing. */
	#learnFrom(entry: BatchEntry): void {
		const { attempts = [] } = entry.status === "fulfilled" ? entry.video : entry.error;
		if (!this.#dead.learn(attempts, entry.status === "rejected" ? entry.error : undefined)) return;
		for (const { index, request, options, providers } of this.#waiting.takeAll()) {
			this.#enqueue(index, request, options, providers);
		}
	}

	#cancelWaiting(): void {
		for (const { index } of this.#waiting.takeAll()) {
			this.#end({ index, status: "rejected", error: neverStarted(this.#signal.reason) });
		}
	}

	#end(entry: BatchEntry): void {
		this.#ended.push(entry);
		this.#done++;
		if (entry.status === "fulfilled") this.#successful++;
	}

	#report(): void {
		const [done, running] = [this.#done, this.#running.size];
		if (this.#reported.done === done && this.#reported.running === running) return;
		this.#reported = { done, running };
		const progress = {
			...(this.#total === undefined ? {} : { total: this.#total }),
			done,
			successful: this.#successful,
			failed: done - this.#successful,
			running,
		};
		this.#means.announce?.(progress);
		try {
			this.#plan.onProgress?.(progress);
		} catch (error) {
			this.#means.logger.error({ problem: String(error) }, "the onProgress of a batch threw");
		}
	}

	/** A source that is stuck must not keep the batch; what it says at its end is nobody's concern. */
	#leaveSource(): void {
		if (this.#isExhausted) return;
		void Promise.resolve(this.#source.return?.()).catch(() => undefined);
	}
}

/** The error of an item that was never started. */
export function neverStarted(reason: unknown): CancelledError {
	return new CancelledError("cancelled before it was started; nothing was sent", {
		phase: "submit",
		billed: "no",
		cause: reason,
	});
}

function asVideoError(thrown: unknown): VideoError {
	if (isVideoError(thrown)) return thrown;
	const problem = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
	return new ProviderError(`an item failed in a way that is not foreseen: ${problem}`, {
		billed: "unknown",
		cause: thrown,
	});
}
