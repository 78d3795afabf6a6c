import { isVideoError, redact, type VideoError } from "../errors/index.ts";
import { exitCodeFor, isUnrecorded } from "./exit-code.ts";
import { messageHere } from "./stopped-here.ts";
import type { Terminal } from "./terminal.ts";

/** A chain of causes may be a circle. */
const MOST_LINES = 30;
/** Errors that say what to run need no other line for it. */
const NAMES_A_COMMAND = /\breelay (?:download|resume|resolve) /;

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
	concurrency: "--concurrency",
	resume: "--resume",
	detach: "--detach",
	provider: "--provider",
};

/**
 * Tells the user what went wrong, in the words of the command line, and how to go on: three lines at most,
 * and what caused it with `--verbose`. Returns the exit code.
 */
export function reportError(error: unknown, terminal: Terminal): number {
	if (terminal.json) terminal.result(JSON.stringify({ error: describe(error) }));
	terminal.problem(`reelay: ${isVideoError(error) ? `${inFlags(messageHere(error))}${facts(error)}` : plain(error)}`);
	if (isVideoError(error) && error.token !== undefined && goesOn(error)) {
		terminal.problem(`token: ${error.token}`);
		const job = isUnrecorded(error) ? error.token : (error.jobId ?? error.token);
		if (!NAMES_A_COMMAND.test(error.message)) terminal.problem(`go on with: reelay resume ${job}`);
	}
	if (isVideoError(error) && error.code === "content_refused") {
		terminal.problem("change the prompt, or the image, before you run it again");
	}
	if (isVideoError(error) && error.code === "submit_unknown") {
		terminal.problem(
			"if that finds nothing, look at the service, and decide: --adopt <its id>, --resubmit or --abandon",
		);
	}
	if (terminal.verbose) for (const line of causeLines(error)) terminal.problem(line);
	return exitCodeFor(error);
}

/** A message with the names of fields replaced by their flags, as the user types them, where it speaks of one. */
export function inFlags(message: string): string {
	// A job is no flag: what is wrong with it needs no name.
	return message
		.replace(/^token: /, "")
		.replaceAll(/(?<=^|was skipped: )[A-Za-z]+(?=:)|(?<=leave out )[A-Za-z]+\b/g, (field) => FLAGS[field] ?? field);
}

/** What was tried and what lies underneath an error, line by line. What is no error of reelay's is a defect, so its stack counts. */
export function causeLines(error: unknown): readonly string[] {
	const lines: string[] = [];
	if (isVideoError(error)) {
		for (const { model, outcome, reason } of error.attempts ?? []) {
			lines.push(`  ${model} was ${outcome}${reason === undefined ? "" : `: ${reason}`}`);
		}
	} else if (error instanceof Error && error.stack !== undefined) {
		lines.push(...error.stack.split("\n").slice(1));
	}
	let cause = error instanceof Error ? error.cause : undefined;
	while (cause !== undefined && lines.length < MOST_LINES) {
		lines.push(`  caused by ${plain(cause)}`);
		cause = cause instanceof Error ? cause.cause : undefined;
	}
	return lines.map((line) => redact(line));
}

/** What matters for the bill, and for the service's support. */
function facts({ billed, requestId }: VideoError): string {
	const known = [
		...(billed === "no" ? [] : [`billed: ${billed}`]),
		...(requestId === undefined ? [] : [`request id at the service: ${requestId}`]),
	];
	return known.length === 0 ? "" : ` (${known.join("; ")})`;
}

/** Whether the job can be taken up again. Of a cancellation only the wait may have ended, or the operation too. */
function goesOn(error: VideoError): boolean {
	const { billed, code, phase, retryable } = error;
	if (code === "cancelled" && phase === "poll") return retryable;
	if (isUnrecorded(error) || (code === "configuration" && billed !== "no")) return true;
	return ["still_running", "cancelled", "authentication"].includes(code) || phase === "download" || phase === "media";
}

function describe(error: unknown): unknown {
	return isVideoError(error) ? error : { code: "unexpected", message: plain(error) };
}

function plain(error: unknown): string {
	if (!(error instanceof Error)) return redact(oneLine(String(error)));
	const { name, message } = error;
	const isSystemError = "code" in error && typeof error.code === "string" && !isVideoError(error);
	const code = isSystemError && !message.includes(String(error.code)) ? String(error.code) : "";
	return redact(oneLine(`${name}: ${message}${code === "" ? "" : ` (${code})`}`));
}

function oneLine(text: string): string {
	return text.trim().replaceAll(/\s*\n\s*/g, " ");
}
