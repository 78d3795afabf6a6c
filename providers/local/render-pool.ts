import { randomUUID } from "node:crypto";
import type { CancelOutcome, OperationStatus } from "../../src/provider-kit/index.ts";
import { type RenderChild, startRenderChild } from "./render-child.ts";
import type { RenderReport, RenderSpec } from "./render-spec.ts";

/** Renders in child processes, a few at a time; the rest wait in line. */
export interface RenderPool {
	/** Begins a render, or puts it in line. Returns its id. */
	start(spec: RenderSpec): string;
	/** What has become of it; `undefined` when it is not known here. */
	status(id: string): OperationStatus | undefined;
	/** Resolves when its process has gone; `undefined` when it is not known here. */
	cancel(id: string): Promise<CancelOutcome | undefined>;
	/** Forgets a render that has ended, and frees its video. */
	release(id: string): void;
	/** Ends and forgets everything. */
	close(): Promise<void>;
}

interface Render {
	readonly id: string;
	status: OperationStatus;
	child?: RenderChild;
	/** The video as far as it has arrived. */
	video?: Uint8Array;
}

const POLL_AFTER_MS = 100;
const NEVER_SAID_WHY = "the render process ended early and said nothing";
/** Renders that have ended and that nobody has released are kept up to these, the newest longest. */
const MAXIMUM_ENDED = 256;
const MAXIMUM_KEPT_BYTES = 512 * 2 ** 20;

/** A pool that runs at most `maximumRunning` processes at a time. */
export function createRenderPool(maximumRunning: number, startChild = startRenderChild): RenderPool {
	/** In the order in which they were started. */
	const renders = new Map<string, Render>();
	const line: { readonly render: Render; readonly spec: RenderSpec }[] = [];
	const running = new Set<Render>();

	function runNext(): void {
		if (running.size >= maximumRunning) return;
		const next = line.shift();
		if (next === undefined) return;
		const { render, spec } = next;
		running.add(render);
		render.status = { state: "running", progress: 0, pollAfterMs: POLL_AFTER_MS };
		render.child = startChild({ kind: "render", spec }, (report) => hear(render, report));
		void render.child.ended.then((notes) => {
			running.delete(render);
			if (!hasEnded(render)) end(render, failure("internal", lastLine(notes) ?? NEVER_SAID_WHY));
			runNext();
		});
		runNext();
	}

	function hear(render: Render, report: RenderReport): void {
		if (hasEnded(render)) return;
		if (report.kind === "progress") {
			render.status = { state: "running", progress: report.progress, pollAfterMs: POLL_AFTER_MS };
		} else if (report.kind === "video") {
			render.video = new Uint8Array(report.sizeBytes);
		} else if (report.kind === "chunk") {
			render.video?.set(report.data, report.offset);
		} else if (report.kind === "failed") {
			end(render, failure(report.failure, report.reason));
		} else if (report.kind === "done" && render.video !== undefined) {
			end(render, { state: "succeeded", assets: [{ kind: "bytes", data: render.video }] });
		}
	}

	function end(render: Render, status: OperationStatus): void {
		render.status = status;
		let ended = 0;
		let bytes = 0;
		for (const other of [...renders.values()].reverse()) {
			if (!hasEnded(other)) continue;
			ended += 1;
			bytes += other.video?.length ?? 0;
			if (other !== render && (ended > MAXIMUM_ENDED || bytes > MAXIMUM_KEPT_BYTES)) renders.delete(other.id);
		}
	}

	return {
		start(spec) {
			const render: Render = { id: randomUUID(), status: { state: "queued", pollAfterMs: POLL_AFTER_MS } };
			renders.set(render.id, render);
			line.push({ render, spec });
			runNext();
			return render.id;
		},
		status(id) {
			const render = renders.get(id);
			if (render?.status.state !== "queued") return render?.status;
			return { ...render.status, queuePosition: line.findIndex((waiting) => waiting.render === render) };
		},
		async cancel(id) {
			const render = renders.get(id);
			if (render === undefined) return undefined;
			if (hasEnded(render)) return "finished";
			end(render, failure("cancelled", "the render was cancelled"));
			delete render.video;
			const position = line.findIndex((waiting) => waiting.render === render);
			if (position >= 0) line.splice(position, 1);
			await render.child?.kill();
			return "cancelled";
		},
		release(id) {
			const render = renders.get(id);
			if (render !== undefined && hasEnded(render)) renders.delete(id);
		},
		async close() {
			line.length = 0;
			renders.clear();
			await Promise.all([...running].map((render) => render.child?.kill()));
		},
	};
}

function hasEnded(render: Render): boolean {
	return render.status.state === "succeeded" || render.status.state === "failed";
}

function failure(kind: "invalid" | "internal" | "cancelled", reason: string): OperationStatus {
	return { state: "failed", kind, reason, billed: "no" };
}

function lastLine(notes: string): string | undefined {
	return notes
		.split("\n")
		.map((line) => line.trim())
		.findLast((line) => line !== "");
}
