import { type ChildProcess, fork } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { RenderOrder, RenderReport } from "./render-spec.ts";

/** A native crash explains itself in its last lines, if at all. */
const NOTES_KEPT_CHARACTERS = 2_000;

/** One render process. */
export interface RenderChild {
	/** Ends it at once. Resolves when it has gone. */
	kill(): Promise<void>;
	/** Resolves when it has gone and all that it said has been heard, with the end of what it wrote to stderr. */
	readonly ended: Promise<string>;
	/** Of the operating system; `undefined` when it could not be started. */
	readonly pid: number | undefined;
}

/** After these there is nothing more to come. */
const LAST_WORDS: readonly RenderReport["kind"][] = ["usable", "failed", "done"];

/**
 * Starts a process for one order, which runs `file`. It shares neither files nor environment with this one, and ends
 * with it, or with its last word: native code that cleans up may hang for ever.
 */
export function startRenderChild(
	order: RenderOrder,
	onReport: (report: RenderReport) => void,
	file = processFile(),
): RenderChild {
	const child = fork(file, [], {
		// The codec prefers a system FFmpeg unless it is told to keep to its own.
		env: { NODE_WEBCODECS_FORCE: "static" },
		execArgv: [],
		serialization: "advanced",
		stdio: ["ignore", "ignore", "pipe", "ipc"],
	});
	let notes = "";
	child.stderr?.setEncoding("utf8").on("data", (text: string) => {
		notes = (notes + text).slice(-NOTES_KEPT_CHARACTERS);
	});
	child.on("message", (report: RenderReport) => {
		onReport(report);
		if (LAST_WORDS.includes(report.kind)) child.kill("SIGKILL");
	});
	const ended = new Promise<string>((resolve) => {
		child.once("close", () => resolve(notes));
		child.on("error", (error) => {
			notes += error.message;
			if (child.pid === undefined) resolve(notes);
		});
	});
	send(child, order);
	return {
		ended,
		pid: child.pid,
		async kill() {
			child.kill("SIGKILL");
			await ended;
		},
	};
}

function send(child: ChildProcess, order: RenderOrder): void {
	// A process that ends before it has read its order is reported by `ended`.
	child.send(order, () => undefined);
}

/** Beside this file, with its extension: the source and the build both run as they are. */
function processFile(): string {
	return fileURLToPath(new URL(`./render-process${extname(fileURLToPath(import.meta.url))}`, import.meta.url));
}
