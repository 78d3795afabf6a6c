import { isVideoError, redact, type VideoError } from "../errors/index.ts";
import { exitCodeFor } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** The flags of `generate` by the field of the request that they fill. */
const FLAGS: Readonly<Record<string, string>> = {
	prompt: "prompt",
	negativePrompt: "--negative-prompt",
	durationSeconds: "--duration",
	fps: "--fps",
	aspectRatio: "--aspect-ratio",
	resolution: "--resolution",
	quality: "--quality",
	seed: "--seed",
	numInferenceSteps: "--steps",
	guidanceScale: "--guidance",
	generateAudio: "--audio",
	image: "--image",
	lastFrame: "--last-frame",
	references: "--reference",
	fallbacks: "--fallback",
	model: "--model",
	output: "--output",
	timeoutMs: "--timeout",
	maxCostUsd: "--max-cost",
};

/**
 * Tells the user what went wrong: one line, in the words of the command line, and how to go on. Returns the
 * exit code.
 */
export function reportError(error: unknown, terminal: Terminal): number {
	if (terminal.json) terminal.result(JSON.stringify({ error: describe(error) }));
	terminal.problem(`reelay: ${isVideoError(error) ? inFlags(error.message) : plain(error)}`);
	if (isVideoError(error)) {
		if (error.token !== undefined) {
			terminal.problem(`token: ${error.token}`);
			if (goesOn(error)) terminal.problem(`go on with: reelay resume ${error.jobId ?? error.token}`);
		}
		if (error.billed !== "no") terminal.problem(`billed: ${error.billed}`);
		if (error.requestId !== undefined) terminal.problem(`request id at the service: ${error.requestId}`);
	}
	return exitCodeFor(error);
}

/** A message with the field's name at its beginning replaced by its flag, as the user types it. */
export function inFlags(message: string): string {
	const [, field, rest] = /^([A-Za-z]+)(:.*)$/s.exec(message) ?? [];
	const flag = field === undefined ? undefined : FLAGS[field];
	return flag === undefined ? message : `${flag}${rest}`;
}

/** Whether the job can still give a video. */
function goesOn({ code, phase }: VideoError): boolean {
	return ["still_running", "cancelled", "authentication"].includes(code) || phase === "download" || phase === "media";
}

function describe(error: unknown): unknown {
	return isVideoError(error) ? error : { code: "unexpected", message: plain(error) };
}

function plain(error: unknown): string {
	return redact(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
