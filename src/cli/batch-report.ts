import type { VideoError } from "../errors/index.ts";
import type { VideoResult } from "../index.ts";
import type { BatchDisplay } from "./batch-display.ts";
import type { BatchLine } from "./batch-input.ts";
import { EXIT } from "./exit-code.ts";
import { causeLines } from "./report-error.ts";
import { messageHere, wasStoppedHere } from "./stopped-here.ts";
import type { Terminal } from "./terminal.ts";

/** So many lines are named that failed like another one. */
const MOST_LINES = 10;

/** What came of an item. */
export type BatchOutcome =
	| { readonly path: string; readonly video?: VideoResult; readonly error?: never }
	| { readonly error: VideoError; readonly path?: never };

/**
 * Prints what came of a batch. Paths come in the order of the input, as soon as all before them are
 * settled; JSON lines come as items end.
 */
export class BatchReport {
	readonly #terminal: Terminal;
	readonly #display: BatchDisplay;
	readonly #total: number;
	/** The paths of items that were settled before all in front of them were. */
	readonly #settled = new Map<number, string | undefined>();
	readonly #counts = new Map<string, number>();
	/** The lines at which each problem was met, in the order in which they ended. */
	readonly #problems = new Map<string, number[]>();
	readonly #warnings = new Set<string>();
	readonly #holdsPaths: boolean;
	readonly #paths: string[] = [];
	#next = 1;

	constructor(terminal: Terminal, display: BatchDisplay, total: number, holdsPaths: boolean) {
		this.#terminal = terminal;
		this.#display = display;
		this.#total = total;
		this.#holdsPaths = holdsPaths;
	}

	/** An item that an earlier run has finished. */
	skip({ index, line }: BatchLine, path: string): void {
		this.#count("before");
		if (this.#terminal.json) this.#print({ index, line, status: "fulfilled", path, doneBefore: true });
		this.#settle(index, path);
	}

	/** An item that has ended in this run. */
	end(item: BatchLine, outcome: BatchOutcome): void {
		const { index, line } = item;
		if (outcome.error !== undefined) {
			this.#fail(item, outcome.error);
			return;
		}
		const { path, video } = outcome;
		this.#count("done");
		for (const warning of video?.warnings ?? []) this.#warn(line, warning);
		this.#display.end(item, path);
		if (this.#terminal.json) this.#print({ index, line, status: "fulfilled", path, video });
		this.#settle(index, path);
	}

	/** Says how it all ended, and returns the exit code. */
	finish(seconds: number, manifestPath: string, wasInterrupted: boolean): number {
		for (const [line, ...more] of this.#problems.values()) {
			if (more.length === 0) continue;
			const where = more.slice(0, MOST_LINES).join(", ") + (more.length > MOST_LINES ? ", …" : "");
			this.#terminal.problem(`reelay: ${more.length} more failed like line ${line}: ${where}`);
		}
		for (const path of this.#paths) this.#terminal.result(path);
		const [before, done, failed] = [this.#of("before"), this.#of("done"), this.#of("failed")];
		const [running, unknown, cancelled] = [
			this.#of("still_running"),
			this.#of("submit_unknown"),
			this.#of("cancelled"),
		];
		const parts = [
			`${before + done} of ${this.#total} done${before > 0 ? ` (${before} before)` : ""}`,
			...(failed > 0 ? [`${failed} failed`] : []),
			...(running > 0 ? [`${running} still running`] : []),
			...(unknown > 0 ? [`${unknown} with an unknown submission`] : []),
			...(cancelled > 0 ? [`${cancelled} not finished`] : []),
			`${seconds.toFixed(1)} s`,
		];
		this.#terminal.note(parts.join(", "));
		const exitCode = this.#exitCode(wasInterrupted);
		if (exitCode !== EXIT.done) this.#terminal.note("go on with the same command: it submits nothing twice");
		if (this.#terminal.json) {
			const successful = before + done;
			this.#print({
				summary: {
					total: this.#total,
					successful,
					failed: this.#total - successful,
					successRate: this.#total === 0 ? 1 : successful / this.#total,
					totalMs: Math.round(seconds * 1000),
					doneBefore: before,
					manifest: manifestPath,
				},
			});
		}
		return exitCode;
	}

	#fail(item: BatchLine, error: VideoError): void {
		const { index, line } = item;
		const isOver = error.code === "still_running" && wasStoppedHere(error);
		const isOpen = !isOver && ["cancelled", "still_running", "submit_unknown"].includes(error.code);
		this.#count(isOpen ? error.code : "failed");
		this.#display.end(item, error.code === "cancelled" ? undefined : "no video");
		if (error.code !== "cancelled") this.#tell(line, error);
		if (this.#terminal.json) this.#print({ index, line, status: "rejected", error });
		this.#settle(index, undefined);
	}

	/** A wrong key fails a thousand items alike; once is enough. */
	#tell(line: number, error: VideoError): void {
		const message = messageHere(error);
		const known = this.#problems.get(message);
		if (known !== undefined) {
			known.push(line);
			return;
		}
		this.#problems.set(message, [line]);
		this.#display.problem(`reelay: line ${line}: ${message}`);
		if (this.#terminal.verbose) for (const cause of causeLines(error)) this.#display.problem(cause);
	}

	#warn(line: number, warning: string): void {
		if (this.#warnings.has(warning)) return;
		this.#warnings.add(warning);
		this.#display.note(`warning: line ${line}: ${warning}`);
	}

	#settle(index: number, path: string | undefined): void {
		this.#settled.set(index, path);
		while (this.#settled.has(this.#next)) {
			const ready = this.#settled.get(this.#next);
			this.#settled.delete(this.#next++);
			if (ready === undefined || this.#terminal.json) continue;
			if (this.#holdsPaths) this.#paths.push(ready);
			else this.#terminal.result(ready);
		}
	}

	#exitCode(wasInterrupted: boolean): number {
		if (this.#of("before") + this.#of("done") === this.#total) return EXIT.done;
		if (wasInterrupted) return EXIT.interrupted;
		if (this.#of("submit_unknown") > 0) return EXIT.submitUnknown;
		return this.#of("still_running") > 0 ? EXIT.stillRunning : EXIT.failed;
	}

	#count(kind: string): void {
		this.#counts.set(kind, this.#of(kind) + 1);
	}

	#of(kind: string): number {
		return this.#counts.get(kind) ?? 0;
	}

	#print(value: object): void {
		this.#terminal.result(JSON.stringify(value));
	}
}
