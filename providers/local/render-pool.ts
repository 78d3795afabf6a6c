import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { CancelOutcome, OperationStatus } from "../../src/provider-kit/index.ts";
import type { RenderOrder, RenderReport, RenderSpec } from "./render-spec.ts";

/** Renders in child processes, no more at a time than there are processors; the rest wait in line. */
export interface RenderPool {
	/** Begins a render, or puts it in line. Returns its id. */
	start(spec: RenderSpec): string;
	/** What has become of it; `undefined` when it is not known here. */
	status(id: string): OperationStatus | undefined;
	/** Resolves when the process has ended; `undefined` when the render is not known here. */
	cancel(id: string): Promise<CancelOutcome | undefined>;
	/** Forgets a render and frees its video. */
	release(id: string): void;
	/** Ends and forgets everything. */
	close(): Promise<void>;
}

interface Render {
	readonly id: string;
	readonly spec: RenderSpec;
	status: OperationStatus;
	child?: ChildProcess;
}

const POLL_AFTER_MS = 100;
/** Finished videos that nobody has released are kept up to this many bytes together, the newest always. */
const MAXIMUM_KEPT_BYTES = 512 * 2 ** 20;
/** A native crash explains itself in its last lines, if at all. */
const NOTES_KEPT_CHARACTERS = 2_000;

/** @param maximumRunning processes at a time; the machine's number of processors unless a test says otherwise */
export function createRenderPool(maximumRunning = Math.max(1, availableParallelism())): RenderPool {
	const renders = new Map<string, Render>();
	const waiting: Render[] = [];
	let running = 0;

	function fill(): void {
		while (running < maximumRunning) {
			const next = waiting.shift();
			if (next === undefined) return;
			run(next);
		}
	}

	function run(render: Render): void {
		running += 1;
		render.status = { state: "running", progress: 0, pollAfterMs: POLL_AFTER_MS };
		render.child = forkRenderer(
			{ kind: "render", spec: render.spec },
			(report) => receive(render, report),
			(notes) => {
				delete render.child;
				running -= 1;
				if (!isOver(render.status)) render.status = failed("internal", `the render process ended too early${notes}`);
				fill();
			},
		);
	}

	let video: Uint8Array | undefined;
	const incoming = new Map<string, Uint8Array>();

	function receive(render: Render, report: RenderReport): void {
		if (isOver(render.status)) return;
		switch (report.kind) {
			case "progress":
				render.status = { state: "running", progress: report.progress, pollAfterMs: POLL_AFTER_MS };
				return;
			case "video":
				incoming.set(render.id, new Uint8Array(report.sizeBytes));
				return;
			case "chunk":
				incoming.get(render.id)?.set(report.data, report.offset);
				return;
			case "done":
				video = incoming.get(render.id);
				incoming.delete(render.id);
				if (video !== undefined) finish(render, video);
				return;
			case "failed":
				render.status = failed(report.failure, report.reason);
				return;
			case "usable":
				return;
		}
	}
	return {} as RenderPool;
}
