import type {
	CancelOutcome,
	JsonValue,
	ModelCapabilities,
	OperationStatus,
	OptionSupport,
	ProviderRequest,
	ProviderTraits,
	StartContext,
	StartResult,
	SubmissionIntent,
	VideoProvider,
} from "../../src/provider/index.ts";
import { TINY_VIDEO } from "./tiny-video.ts";

/** Every option is taken. */
export const EVERYTHING: OptionSupport = {
	negativePrompt: true,
	durationSeconds: true,
	fps: true,
	aspectRatio: true,
	resolution: true,
	quality: true,
	seed: true,
	numInferenceSteps: true,
	guidanceScale: true,
	generateAudio: true,
	lastFrame: true,
	references: true,
};

/** A finished operation that hands over a tiny real video. */
export const SUCCEEDED: OperationStatus = { state: "succeeded", assets: [{ kind: "bytes", data: TINY_VIDEO }] };

/** How a fake service behaves. */
export interface FakeScript {
	readonly id?: string;
	readonly traits?: Partial<ProviderTraits>;
	readonly models?: readonly ModelCapabilities[];
	/** What each submission does, in order; the last one repeats. Throws, or accepts. */
	readonly starts?: readonly (() => void)[];
	/** What each look gives, in order; the last one repeats. */
	readonly looks?: readonly (() => OperationStatus)[];
	/** What a cancellation gives; absent: the provider has no `cancel`. */
	readonly cancel?: () => CancelOutcome;
	/** What a search for a lost operation gives; absent: the provider has no `find`. */
	readonly find?: (intent: SubmissionIntent) => JsonValue | undefined;
	readonly account?: string;
}

/** A paid service in memory that counts what it accepted, and so billed. */
export class FakeProvider implements VideoProvider {
	readonly id: string;
	readonly traits: ProviderTraits;
	/** Submissions that reached the service. */
	posts = 0;
	/** Submissions that it accepted. */
	billed = 0;
	/** Looks that were taken. */
	looks = 0;
	readonly requests: ProviderRequest[] = [];
	readonly contexts: StartContext[] = [];
	readonly released: JsonValue[] = [];
	readonly cancel?: () => Promise<CancelOutcome>;
	readonly find?: (intent: SubmissionIntent) => Promise<JsonValue | undefined>;
	readonly account: string | undefined;
	readonly #script: FakeScript;

	constructor(script: FakeScript = {}) {
		this.#script = script;
		this.id = script.id ?? "fake";
		this.traits = {
			idempotency: "none",
			lookup: script.find === undefined ? "none" : "list",
			cancel: script.cancel === undefined ? "none" : "remote",
			billing: "paid",
			runsIn: "service",
			modelIds: "open",
			...script.traits,
		};
		const { cancel, find } = script;
		if (cancel !== undefined) this.cancel = async () => cancel();
		if (find !== undefined) this.find = async (intent) => find(intent);
		this.account = script.account;
	}

	model(id: string): ModelCapabilities | undefined {
		return this.models().find((model) => model.id === id);
	}

	models(): readonly ModelCapabilities[] {
		return (
			this.#script.models ?? [
				{ id: "one", tasks: ["text-to-video", "image-to-video"], options: EVERYTHING },
				{ id: "two", tasks: ["text-to-video"], options: EVERYTHING },
			]
		);
	}

	async start(request: ProviderRequest, context: StartContext): Promise<StartResult> {
		this.posts++;
		this.requests.push(request);
		this.contexts.push(context);
		nth(this.#script.starts, this.posts - 1)?.();
		this.billed++;
		return { handle: { operation: this.billed } };
	}

	async status(): Promise<OperationStatus> {
		this.looks++;
		return nth(this.#script.looks, this.looks - 1)?.() ?? SUCCEEDED;
	}

	release(handle: JsonValue): void {
		this.released.push(handle);
	}
}

/** Accepts a submission. */
export function accept(): void {}

/** A step that throws. */
export function fail(error: unknown): () => never {
	return () => {
		throw error;
	};
}

function nth<Item>(items: readonly Item[] | undefined, index: number): Item | undefined {
	return items?.[Math.min(index, items.length - 1)];
}
