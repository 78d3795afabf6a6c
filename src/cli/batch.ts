import { DEFAULT_CONCURRENCY, streamBatch } from "../batch/index.ts";
import { misspelledVariables, processEnvironment } from "../config/index.ts";
import { InputError } from "../errors/index.ts";
import type { GenerateOptions, VideoService } from "../index.ts";
import { type BatchAgenda, noteAgenda, prepareAgenda, printAgenda, reportProblems } from "./batch-agenda.ts";
import { type BatchDisplay, barDisplay, lineDisplay } from "./batch-display.ts";
import type { ItemFields } from "./batch-fields.ts";
import { type BatchFormat, readBatch } from "./batch-input.ts";
import { BatchManifest } from "./batch-manifest.ts";
import { placeOf } from "./batch-place.ts";
import { BatchReport } from "./batch-report.ts";
import { type BatchTask, BatchWorker } from "./batch-worker.ts";
import { listenForInterruption } from "./interruption.ts";
import { openService } from "./open-service.ts";
import type { CommonOptions, Terminal } from "./terminal.ts";

/** The flags of `batch`, parsed. */
export interface BatchFlags extends CommonOptions {
	readonly format?: BatchFormat;
	readonly concurrency?: number;
	readonly model?: string;
	readonly fallback?: string[];
	readonly output?: string;
	readonly overwrite?: boolean;
	readonly timeout?: number;
	readonly maxCost?: number;
	readonly resume?: boolean;
	readonly dryRun?: boolean;
}

/**
 * Makes a video for every line of a file, and prints where they are. Keeps a manifest beside them, with
 * which the same command goes on after whatever ended it. Throws `InputError` for what is no line's fault.
 */
export async function batch(file: string, flags: BatchFlags, terminal: Terminal): Promise<number> {
	const startedAt = performance.now();
	// Lines that are written past a bar would be drawn over.
	let display: BatchDisplay | undefined;
	const note = (line: string) => (display ?? terminal).note(line);
	using interruption = listenForInterruption({ ...terminal, note });
	const { signal } = interruption;
	for (const hint of misspelledVariables(processEnvironment())) terminal.note(`warning: ${hint}`);
	const input = await readBatch(file, flags.format, defaultsOf(flags));
	const place = await placeOf(flags.output);
	const manifest = await BatchManifest.read(place.folder);
	if (flags.resume === true && !manifest.isKnown) {
		throw new InputError("resume", `there is no "${manifest.path}" to continue; run the command without --resume`);
	}
	const videos = await openService();
	try {
		const agenda = await prepareAgenda(input, place, manifest, videos, signal);
		if (agenda.problems.length > 0) return reportProblems(agenda.problems, terminal);
		noteAgenda(agenda, manifest, terminal);
		if (flags.dryRun === true) {
			return printAgenda(agenda, terminal);
		}
		if (agenda.tasks.length > 0) await manifest.open();
		const { concurrency = DEFAULT_CONCURRENCY } = flags;
		const usesBars = terminal.isInteractive && !terminal.json && agenda.tasks.length > 0;
		display = usesBars ? barDisplay(agenda.tasks.length, concurrency) : lineDisplay(terminal, agenda.tasks.length);
		const report = new BatchReport(terminal, display, agenda.total, usesBars);
		await work(agenda, concurrency, { videos, manifest, display }, report, signal).finally(() => display?.stop());
		return report.finish((performance.now() - startedAt) / 1000, manifest.path, signal.aborted);
	} finally {
		await videos.close();
		await manifest.close();
	}
}

async function work(
	{ done, tasks }: BatchAgenda,
	concurrency: number,
	means: { readonly videos: VideoService; readonly manifest: BatchManifest; readonly display: BatchDisplay },
	report: BatchReport,
	signal: AbortSignal,
): Promise<void> {
	const { videos, manifest, display } = means;
	for (const { item, path } of done) report.skip(item, path);
	const worker = new BatchWorker({
		videos,
		manifest,
		show: (item, progress) => display.update(item, progress),
		warn: (message) => display.problem(`reelay: ${message}`),
	});
	const entries = streamBatch(
		tasks.map((task) => ({ request: task, options: task.item.options })),
		{ concurrency, signal, onProgress: (progress) => display.totals({ ...progress, total: tasks.length }) },
		{
			generate: (task: BatchTask, options: GenerateOptions) => worker.make(task, options),
			providersOf: ({ providers }) => providers,
			checkOptions: (options) => options,
			clock: { monotonic: () => performance.now() },
			logger: { error: (_fields, message) => display.problem(`reelay: ${message}`) },
		},
	);
	for await (const entry of entries) {
		const item = tasks[entry.index]?.item;
		if (item === undefined) continue;
		if (entry.status === "rejected") report.end(item, { error: entry.error });
		else report.end(item, { path: entry.video.path, video: entry.video });
	}
}

function defaultsOf({ model, fallback, overwrite, timeout, maxCost }: BatchFlags): ItemFields["options"] {
	return {
		model,
		fallbacks: fallback,
		overwrite,
		timeoutMs: timeout === undefined ? undefined : timeout * 1000,
		maxCostUsd: maxCost,
	};
}
