import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { isVideoError, type VideoError } from "../errors/index.ts";
import type {
	Fetch,
	JsonValue,
	OperationStatus,
	ProviderRequest,
	ProviderTraits,
	StartContext,
	StartResult,
	VideoProvider,
} from "../provider/index.ts";
import { assertNoSecret } from "./assert-no-secret.ts";
import type { HttpContract, ServiceTarget } from "./contract-options.ts";
import { createScriptedService, type ScriptedService } from "./scripted-service.ts";

/** How a `start` ended, as the core reads it. */
export type StartOutcome =
	| { readonly outcome: "accepted"; readonly result: StartResult }
	| { readonly outcome: "rejected"; readonly error: VideoError }
	| { readonly outcome: "unknown"; readonly error: unknown };

/** A case that has a service of its own. */
export interface TrialCase {
	readonly name: string;
	readonly check: (trial: Trial) => Promise<void>;
}

/** Long enough for any one call on one machine. */
const PATIENCE_MS = 5_000;

/**
 * One provider against one service, for one case. Every call through it is held to what always holds: at
 * most one submission, no key where it does not belong, and an end in time.
 */
export class Trial {
	readonly service: ScriptedService;
	readonly provider: VideoProvider;
	/** The key that must be seen nowhere. */
	readonly apiKey: string;
	readonly #contract: HttpContract;
	readonly #instances: VideoProvider[] = [];
	/** What the last submission was marked with. */
	mark: string | undefined;
	/** Submissions that were seen when the last `start` through this trial had ended. */
	#seen: number | undefined;

	private constructor(contract: HttpContract, service: ScriptedService, apiKey: string) {
		this.#contract = contract;
		this.service = service;
		this.apiKey = apiKey;
		this.provider = this.fresh();
	}

	/** Runs a case against a service of its own, which treats keys as the provider's traits say. */
	static async run(
		contract: HttpContract,
		{ idempotency }: ProviderTraits,
		check: (trial: Trial) => Promise<void>,
	): Promise<void> {
		const apiKey = `${contract.keyPrefix ?? ""}canary${randomUUID().replaceAll("-", "")}`;
		const { dialect } = contract;
		await using service = await createScriptedService({ dialect, apiKey, idempotency });
		const trial = new Trial(contract, service, apiKey);
		try {
			await check(trial);
			for (const { request } of service.requests) {
				assert.ok(!request.url.href.includes(apiKey), "the key is in a URL");
			}
			assert.equal(trial.#submissions, trial.#seen ?? trial.#submissions, "a submission came after start had ended");
			assert.deepEqual(service.stranger.requests, [], "a request went to another origin");
		} finally {
			await Promise.all(trial.#instances.map((instance) => instance.close?.()));
		}
	}

	/** Another instance, as in another process; at the service unless told otherwise. */
	fresh(target: ServiceTarget = { baseUrl: this.service.baseUrl, apiKey: this.apiKey }): VideoProvider {
		const instance = this.#contract.create(target);
		this.#instances.push(instance);
		return instance;
	}

	/** The request that succeeds. */
	get request(): ProviderRequest {
		return this.#contract.request;
	}

	/** One submission. `abortOnArrival` gives up as soon as the service has seen it, as a deadline does. */
	async start(
		request: ProviderRequest = this.request,
		{ abortOnArrival = false, ...context }: Partial<StartContext> & { readonly abortOnArrival?: boolean } = {},
	): Promise<StartOutcome> {
		const before = this.#submissions;
		const late = new AbortController();
		const recordMark = async (mark: string) => {
			this.mark = mark;
		};
		const started = this.provider.start(request, { ...startContext(late.signal), recordMark, ...context });
		if (abortOnArrival) await this.#whenSeen(() => this.#submissions > before, started, late);
		const outcome = await this.#settle("start", started).then(
			(result): StartOutcome => ({ outcome: "accepted", result }),
			(error: unknown): StartOutcome => {
				passOn(error);
				return isVideoError(error) && error.billed === "no"
					? { outcome: "rejected", error }
					: { outcome: "unknown", error };
			},
		);
		this.#seen = this.#submissions;
		assert.ok(this.#seen - before <= 1, `start sent ${this.#seen - before} submissions`);
		if (outcome.outcome === "accepted") assertNoSecret(outcome.result, this.apiKey);
		return outcome;
	}

	/** The handle of a submission that nothing is wrong with. */
	async handle(context: Partial<StartContext> = {}): Promise<JsonValue> {
		const outcome = await this.start(this.request, context);
		if (outcome.outcome === "accepted") return JSON.parse(JSON.stringify(outcome.result.handle)) as JsonValue;
		throw outcome.error;
	}

	/** One look. */
	look(handle: JsonValue, provider = this.provider): Promise<OperationStatus> {
		return this.call("status", (context) => provider.status(handle, context));
	}

	/** A look that is given up as soon as the service has seen it. */
	async lookAndGiveUp(handle: JsonValue): Promise<OperationStatus> {
		const before = this.service.requests.length;
		const late = new AbortController();
		const looked = this.provider.status(handle, startContext(late.signal));
		await this.#whenSeen(() => this.service.requests.length > before, looked, late);
		return this.#settle("status", looked);
	}

	/** Any other call. What it throws is looked through for the key. */
	call<Result>(
		name: string,
		call: (context: StartContext) => Promise<Result>,
		context: Partial<StartContext> = {},
	): Promise<Result> {
		return this.#settle(name, call({ ...startContext(), ...context }));
	}

	/** The error of a call that must not succeed. */
	async errorOf(name: string, call: (context: StartContext) => Promise<unknown>): Promise<unknown> {
		const ended = await this.call(name, call).then(
			(value) => ({ value }),
			(error: unknown) => {
				passOn(error);
				return { error };
			},
		);
		if ("error" in ended) return ended.error;
		return assert.fail(`${name} returned ${JSON.stringify(ended.value)} and should have thrown`);
	}

	get #submissions(): number {
		return this.service.requests.filter(({ call }) => call === "submit").length;
	}

	async #settle<Result>(name: string, call: Promise<Result>): Promise<Result> {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_resolve, reject) => {
			const complain = () => reject(new assert.AssertionError({ message: `${name} has not ended` }));
			timer = setTimeout(complain, Math.min(this.#contract.timeoutMs ?? PATIENCE_MS, PATIENCE_MS));
		});
		try {
			return await Promise.race([call, late]);
		} catch (error) {
			assertNoSecret(error, this.apiKey);
			throw error;
		} finally {
			clearTimeout(timer);
		}
	}

	async #whenSeen(isSeen: () => boolean, call: Promise<unknown>, late: AbortController): Promise<void> {
		let hasEnded = false;
		const end = () => {
			hasEnded = true;
		};
		call.then(end, end);
		while (!isSeen() && !hasEnded) await new Promise((resolve) => setTimeout(resolve, 1));
		late.abort(new DOMException("the deadline has passed", "TimeoutError"));
	}
}

/** What this suite found wrong is not an error of the provider's. */
export function passOn(error: unknown): void {
	if (error instanceof assert.AssertionError) throw error;
}

/** What the core would hand to a provider, for the one job of a case. */
export function startContext(signal: AbortSignal = new AbortController().signal): StartContext {
	const fetch: Fetch = (input, init) => globalThis.fetch(input, init);
	const recordMark = async () => undefined;
	return { jobId: JOB_ID, idempotencyKey: "00000000-0000-4000-8000-000000000000", recordMark, signal, fetch };
}

/** The job of a case. */
export const JOB_ID = "job_0000000000000000000000000";
