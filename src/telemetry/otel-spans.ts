import type { Attributes, Context, Span, SpanKind } from "@opentelemetry/api";
import { GEN_AI, GENERATE_CONTENT, genAiProvider, splitReference } from "./gen-ai.ts";
import type { EventHandlers } from "./subscribe.ts";

/** The package `@opentelemetry/api`. */
export type OpenTelemetryApi = typeof import("@opentelemetry/api");

/** Turns events into spans: one a job; below it one for each attempt, with its generation, and one for each download. */
export function otelSpans(api: OpenTelemetryApi): EventHandlers {
	const jobs = new Map<string, JobSpans>();
	const begin = (jobId: string, task: string, attributes: Attributes): JobSpans => {
		const spans = new JobSpans(api, task, { "reelay.job.id": jobId, "reelay.task": task, ...attributes });
		jobs.get(jobId)?.end({}, undefined);
		jobs.set(jobId, spans);
		return spans;
	};
	const end = (jobId: string, attributes: Attributes, errorCode: string | undefined): void => {
		jobs.get(jobId)?.end(attributes, errorCode);
		jobs.delete(jobId);
	};
	return {
		"job-created": ({ jobId, task, models }) => {
			begin(jobId, task, { "reelay.models": [...models] });
		},
		"job-resumed": ({ jobId, task, model, state }) => {
			const spans = begin(jobId, task, { "reelay.resumed": true });
			if (state === "accepted" || state === "running") spans.generationStarted(model);
		},
		"attempt-started": ({ jobId, model }) => jobs.get(jobId)?.attemptStarted(model),
		"attempt-ended": ({ jobId, attempt: { model, outcome, billed, errorCode } }) => {
			const attributes = { "reelay.outcome": outcome, "reelay.billed": billed };
			if (outcome === "skipped") jobs.get(jobId)?.modelSkipped(model, errorCode);
			else if (outcome === "accepted") jobs.get(jobId)?.generationStarted(model, attributes);
			else jobs.get(jobId)?.attemptEnded(attributes, errorCode ?? outcome);
		},
		"generation-ended": ({ jobId, generationMs, errorCode }) =>
			jobs.get(jobId)?.attemptEnded({ "reelay.generation.duration": generationMs / 1_000 }, errorCode),
		"download-started": ({ jobId, model }) => jobs.get(jobId)?.downloadStarted(model),
		"download-ended": ({ jobId, sizeBytes, errorCode }) =>
			jobs.get(jobId)?.downloadEnded(sizeBytes === undefined ? {} : { "reelay.size": sizeBytes }, errorCode),
		"job-detached": ({ jobId, state }) => end(jobId, { "reelay.state": state, "reelay.detached": true }, undefined),
		"job-ended": ({ jobId, state, billed, cost, errorCode, elsewhere }) => {
			const attributes = {
				"reelay.state": state,
				...(elsewhere === undefined ? {} : { "reelay.elsewhere": elsewhere }),
				...(billed === undefined ? {} : { "reelay.billed": billed }),
				...(cost === undefined ? {} : { "reelay.cost": cost.usd, "reelay.cost.source": cost.source }),
			};
			end(jobId, attributes, errorCode);
		},
	};
}

/** The spans of one job. Whatever is open when the next thing begins, or the job ends, is ended with it. */
class JobSpans {
	readonly #api: OpenTelemetryApi;
	readonly #job: Span;
	readonly #context: Context;
	#attempt: Span | undefined;
	#generation: Span | undefined;
	#download: Span | undefined;

	constructor(api: OpenTelemetryApi, task: string, attributes: Attributes) {
		this.#api = api;
		const caller = api.context.active();
		this.#job = this.#start(task, api.SpanKind.INTERNAL, attributes, caller);
		this.#context = api.trace.setSpan(caller, this.#job);
	}

	modelSkipped(model: string, errorCode: string | undefined): void {
		this.#job.addEvent("model skipped", { ...modelAttributes(model), ...errorAttributes(errorCode) });
	}

	attemptStarted(reference: string): void {
		this.attemptEnded({}, undefined);
		const { model } = splitReference(reference);
		const attributes = {
			[GEN_AI.operation]: GENERATE_CONTENT,
			[GEN_AI.output]: "video",
			...modelAttributes(reference),
		};
		this.#attempt = this.#start(`${GENERATE_CONTENT} ${model}`, this.#api.SpanKind.CLIENT, attributes, this.#context);
	}

	/** A provider has accepted. Begins the attempt, too, when its beginning was not seen here. */
	generationStarted(reference: string, attributes: Attributes = {}): void {
		if (this.#attempt === undefined) this.attemptStarted(reference);
		const attempt = this.#attempt;
		if (attempt === undefined) return;
		attempt.setAttributes(attributes);
		const context = this.#api.trace.setSpan(this.#context, attempt);
		this.#generation = this.#start("generation", this.#api.SpanKind.INTERNAL, modelAttributes(reference), context);
	}

	attemptEnded(attributes: Attributes, errorCode: string | undefined): void {
		this.#end(this.#generation, {}, errorCode);
		this.#end(this.#attempt, attributes, errorCode);
		this.#generation = undefined;
		this.#attempt = undefined;
	}

	downloadStarted(reference: string): void {
		this.downloadEnded({}, undefined);
		this.#download = this.#start("download", this.#api.SpanKind.CLIENT, modelAttributes(reference), this.#context);
	}

	downloadEnded(attributes: Attributes, errorCode: string | undefined): void {
		this.#end(this.#download, attributes, errorCode);
		this.#download = undefined;
	}

	end(attributes: Attributes, errorCode: string | undefined): void {
		this.attemptEnded({}, errorCode);
		this.downloadEnded({}, errorCode);
		this.#end(this.#job, attributes, errorCode);
	}

	#start(name: string, kind: SpanKind, attributes: Attributes, parent: Context): Span {
		return this.#api.trace.getTracer("reelay").startSpan(name, { kind, attributes }, parent);
	}

	/** Messages stay out: a service may quote the prompt in its reasons. */
	#end(span: Span | undefined, attributes: Attributes, errorCode: string | undefined): void {
		if (span === undefined) return;
		span.setAttributes({ ...attributes, ...errorAttributes(errorCode) });
		if (errorCode !== undefined && errorCode !== "cancelled") span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
		span.end();
	}
}

function modelAttributes(reference: string): Attributes {
	const { provider, model } = splitReference(reference);
	return { [GEN_AI.provider]: genAiProvider(provider), [GEN_AI.model]: model };
}

function errorAttributes(errorCode: string | undefined): Attributes {
	return errorCode === undefined ? {} : { [GEN_AI.error]: errorCode };
}
