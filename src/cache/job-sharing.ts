import { CancelledError, isVideoError } from "../errors/index.ts";
import type { CachedVideo } from "./cached-video.ts";
import type { VideoCache } from "./video-cache.ts";

/** A request whose video may come from the cache, or from a job that is in flight for the same request. */
export interface SharedRequest<Job, Result> {
	/** Where its video is in the cache: the `cacheKey` of the model that is asked first. */
	readonly cacheKey: string;
	/** Tells requests that may have one job: everything that was asked for, the chain included. */
	readonly shareKey: string;
	/** Ends this caller's wait, and nobody else's. */
	readonly signal: AbortSignal;
	/** The job of the same request that is in flight already, perhaps in another process. */
	findInFlight(): Promise<Job | undefined>;
	/**
	 * Submits the request; `findInFlight` finds the job then. `undefined`, with nothing sent, when somebody
	 * else began to submit the same in the meantime.
	 */
	begin(): Promise<Job | undefined>;
	/**
	 * Waits for a job, and gives the caller a file of its own. `isOwn`: this caller's `begin` made the job;
	 * everybody else gets it for nothing. When the job has ended, its video is in the cache.
	 */
	finish(job: Job, isOwn: boolean): Promise<Result>;
	/** Gives the caller a copy of a video that was made before. */
	restore(video: CachedVideo): Promise<Result>;
}

/** How a submission was spared, or not. */
type Found<Job> =
	| { readonly job: Job; readonly isOwn: boolean }
	/** Only for the caller that found it; the others look for themselves. */
	| { readonly video: CachedVideo };

/**
 * Lets identical requests have one submission: the video comes from the cache when it was made before, else
 * from the job that is in flight, else from a job that one caller submits and all others wait for.
 *
 * A caller that waits for another one's job shares its failure, as asking again would only cost again. A
 * cancellation says nothing about the request: then the next caller in line begins anew.
 */
export class JobSharing<Job> {
	readonly #cache: Pick<VideoCache, "find">;
	/** What callers are looking for, or submitting, right now. From there on `findInFlight` knows the job. */
	readonly #underWay = new Map<string, Promise<Found<Job> | undefined>>();

	constructor(cache: Pick<VideoCache, "find">) {
		this.#cache = cache;
	}

	/** Gets the video in the way that costs least. Throws what the steps throw, and `CancelledError`. */
	async run<Result>(request: SharedRequest<Job, Result>): Promise<Result> {
		const { cacheKey, shareKey, signal } = request;
		for (;;) {
			const made = await this.#cache.find(cacheKey, { signal });
			if (made !== undefined) return restore(made, request);
			const others = this.#underWay.get(shareKey);
			const found = await (others === undefined ? this.#lead(request) : follow(others, signal));
			if (found === undefined) continue;
			if ("video" in found) {
				if (others === undefined) return restore(found.video, request);
				continue;
			}
			const isOwn = found.isOwn && others === undefined;
			try {
				return await request.finish(found.job, isOwn);
			} catch (error) {
				if (isOwn || signal.aborted || !isCancelled(error)) throw error;
			}
		}
	}

	/** Looks, and then submits, for all who ask for the same meanwhile. */
	async #lead<Result>(request: SharedRequest<Job, Result>): Promise<Found<Job> | undefined> {
		const found = this.#find(request);
		this.#underWay.set(request.shareKey, found);
		try {
			return await found;
		} finally {
			this.#underWay.delete(request.shareKey);
		}
	}

	async #find<Result>(request: SharedRequest<Job, Result>): Promise<Found<Job> | undefined> {
		const inFlight = await request.findInFlight();
		if (inFlight !== undefined) return { job: inFlight, isOwn: false };
		// A job that ended a moment ago was in flight when the cache was looked at first.
		const video = await this.#cache.find(request.cacheKey, { signal: request.signal });
		if (video !== undefined) return { video };
		const job = await request.begin();
		return job === undefined ? undefined : { job, isOwn: true };
	}
}

async function restore<Result>(made: CachedVideo, request: Pick<SharedRequest<never, Result>, "restore">) {
	await using video = made;
	return await request.restore(video);
}

/** What another caller found; `undefined` when that one was cancelled. */
async function follow<Job>(
	others: Promise<Found<Job> | undefined>,
	signal: AbortSignal,
): Promise<Found<Job> | undefined> {
	const aborted = Promise.withResolvers<never>();
	const onAbort = () =>
		aborted.reject(
			new CancelledError("cancelled while another call submitted the same request", { cause: signal.reason }),
		);
	if (signal.aborted) onAbort();
	signal.addEventListener("abort", onAbort, { once: true });
	try {
		return await Promise.race([aborted.promise, others]);
	} catch (error) {
		if (signal.aborted || !isCancelled(error)) throw error;
		return undefined;
	} finally {
		signal.removeEventListener("abort", onAbort);
	}
}

function isCancelled(error: unknown): boolean {
	return isVideoError(error) && error.code === "cancelled";
}
