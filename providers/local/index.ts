import { availableParallelism } from "node:os";
import { z } from "zod";
import {
	type CancelOutcome,
	type JsonValue,
	OperationNotFoundError,
	type OperationStatus,
	type ProviderCheck,
	type ProviderFactory,
	type ProviderRequest,
	type ProviderTraits,
	type StartContext,
	type StartResult,
} from "../../src/provider-kit/index.ts";
import { ANIMATIC } from "./models.ts";
import { missingPackages, missingPackagesError } from "./packages.ts";
import { planRender } from "./plan.ts";
import { startRenderChild } from "./render-child.ts";
import { createRenderPool } from "./render-pool.ts";
import type { EncoderName } from "./render-spec.ts";

const TRAITS: ProviderTraits = {
	idempotency: "none",
	lookup: "none",
	cancel: "remote",
	billing: "free",
	runsIn: "process",
	modelIds: "closed",
};

const ENCODER_NAMES: Readonly<Record<EncoderName, string>> = {
	native: "openh264 (node-webcodecs)",
	wasm: "minih264 (h264-mp4-encoder)",
};

const handleSchema = z.strictObject({ render: z.uuid() });

/**
 * The provider `local`: its one model, `animatic`, is not a model but a renderer. It draws a scene chosen
 * by the prompt's words, or pans over an image, in a child process, with no key, network or file.
 *
 * `start` throws `InputError` for what it cannot render and `ConfigurationError` when an optional package
 * is not installed.
 */
export const createLocalProvider: ProviderFactory = () => {
	const pool = createRenderPool(Math.max(1, availableParallelism()));
	let missing: readonly string[] | undefined;
	return {
		id: "local",
		traits: TRAITS,
		model: (id) => (id === ANIMATIC.id ? ANIMATIC : undefined),
		models: () => [ANIMATIC],
		async start(request: ProviderRequest, context: StartContext): Promise<StartResult> {
			context.signal.throwIfAborted();
			const { spec, warnings } = planRender(request);
			missing ??= missingPackages();
			if (missing.length > 0) throw missingPackagesError(missing);
			return { handle: { render: pool.start(spec) }, warnings };
		},
		async status(handle: JsonValue): Promise<OperationStatus> {
			return pool.status(parseHandle(handle)) ?? notFound();
		},
		async cancel(handle: JsonValue): Promise<CancelOutcome> {
			return (await pool.cancel(parseHandle(handle))) ?? notFound();
		},
		check: checkRenderer,
		release: (handle: JsonValue) => {
			const parsed = handleSchema.safeParse(handle);
			if (parsed.success) pool.release(parsed.data.render);
		},
		close: () => pool.close(),
	};
};

/** Whether rendering works on this machine, tried out in a child process. */
async function checkRenderer(): Promise<ProviderCheck> {
	const missing = missingPackages();
	if (missing.length > 0) return { usable: false, detail: missingPackagesError(missing).message };
	let answer: ProviderCheck | undefined;
	const child = startRenderChild({ kind: "probe" }, (report) => {
		if (report.kind === "usable") answer = { usable: true, detail: `renders with ${ENCODER_NAMES[report.encoder]}` };
		if (report.kind === "failed") answer = { usable: false, detail: report.reason };
	});
	const notes = await child.ended;
	return answer ?? { usable: false, detail: `the render process ended early: ${notes.trim().slice(-200)}` };
}

function parseHandle(handle: JsonValue): string {
	const parsed = handleSchema.safeParse(handle);
	return parsed.success ? parsed.data.render : notFound();
}

function notFound(): never {
	throw new OperationNotFoundError(
		"this render is not known here: a local render lives in the process that started it; run the request again, it is free",
		{ provider: "local", billed: "no" },
	);
}
