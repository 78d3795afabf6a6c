import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { liveRows } from "../../src/cli/live-rows.ts";
import { createProgress, progressRow } from "../../src/cli/progress.ts";
import { progressText } from "../../src/cli/progress-text.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import type { VideoProgress } from "../../src/index.ts";
import { FakeTerminal } from "../batch/fake-terminal.ts";

const RUNNING: VideoProgress = { jobId: "a", model: "google:veo-3.1", stage: "running" };

describe("the words of a progress", () => {
	it.each<[what: string, progress: Partial<VideoProgress>, percent: string, detail: string]>([
		["the service's share", { progress: 0.4 }, "40 %", ""],
		["no share", { progress: 0 }, "0 %", ""],
		["the service's share and reelay's time", { progress: 0.4, estimate: { remainingMs: 8200 } }, "40 %", "~0:09 left"],
		["an estimate", { estimate: { progress: 0.4, remainingMs: 12_000 } }, "~40 %", "~0:12 left"],
		["an estimate that takes longer than usual", { estimate: { progress: 0.9991 } }, "~99 %", ""],
		["nothing", {}, "", ""],
		["a place in a queue", { stage: "queued", queuePosition: 3, estimate: { progress: 0.4 } }, "", "3 ahead"],
		["the first place", { stage: "queued", queuePosition: 0 }, "", "next in line"],
		["bytes of an unknown number", { stage: "downloading", receivedBytes: 1500 }, "", "1.5 kB"],
		[
			"a download",
			{ stage: "downloading", receivedBytes: 5e6, totalBytes: 2e7, bytesPerSecond: 2_500_000, remainingMs: 6000 },
			"25 %",
			"5.0 MB of 20.0 MB, 2.5 MB/s, ~0:06 left",
		],
	])("tell %s", (_what, progress, percent, detail) => {
		expect(progressText({ ...RUNNING, ...progress })).toMatchObject({ percent, detail });
	});

	it("fit into a row", () => {
		const progress = { ...RUNNING, estimate: { progress: 0.4, remainingMs: 12_000 } };
		expect(progressRow(progress, 65, 79)).toBe("running      █████░░░░░░░  ~40 %   1:05  ~0:12 left  google:veo-3.1");
		expect(progressRow(progress, 65, 199)).toBe(
			`running      ${"█".repeat(16)}${"░".repeat(24)}  ~40 %   1:05  ~0:12 left  google:veo-3.1`,
		);
	});
});

describe("progress without a terminal", () => {
	function written(json: boolean, updates: readonly Partial<VideoProgress>[]): readonly string[] {
		const lines: string[] = [];
		const note = (line: string) => void lines.push(line);
		const terminal: Terminal = { result: note, note, problem: note, isInteractive: false, json, verbose: false };
		const display = createProgress(terminal);
		for (const update of updates) display.update({ ...RUNNING, ...update });
		display.stop();
		return lines;
	}

	it("is a line at each new stage, and at each quarter", () => {
		const shares = Array.from({ length: 100 }, (_, percent) => ({ progress: percent / 100 }));
		expect(
			written(false, [
				{ stage: "queued", queuePosition: 2 },
				{ stage: "queued", queuePosition: 2 },
				{ stage: "queued", queuePosition: 1 },
				...shares,
				{ estimate: { progress: 0.1 } },
				{ stage: "downloading", receivedBytes: 1000, totalBytes: 4000 },
			]),
		).toEqual([
			"google:veo-3.1: queued (2 ahead)",
			"google:veo-3.1: queued (1 ahead)",
			"google:veo-3.1: running",
			"google:veo-3.1: running 25 %",
			"google:veo-3.1: running 50 %",
			"google:veo-3.1: running 75 %",
			"google:veo-3.1: downloading 25 % (1.0 kB of 4.0 kB)",
		]);
		expect(written(false, [{ estimate: { progress: 0.5, remainingMs: 4000 } }])).toEqual([
			"google:veo-3.1: running ~50 % (~0:04 left)",
		]);
	});

	it("is JSON for each percent with --json", () => {
		const lines = written(true, [{ progress: 0.1 }, { progress: 0.101 }, { progress: 0.2 }]);
		expect(lines.map((line) => JSON.parse(line).progress.progress)).toEqual([0.1, 0.2]);
	});
});

describe("rows at the end of a terminal", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it("leave nothing behind when the window becomes narrower, and use it when it becomes wider", () => {
		const terminal = new FakeTerminal(80);
		const row = (columns: number) => "x".repeat(columns);
		const rows = liveRows([row, row], terminal);
		rows.note("above");
		vi.advanceTimersByTime(200);
		expect(terminal.screen).toEqual(["above", row(79), row(79)]);
		terminal.resize(30);
		expect(terminal.screen).toHaveLength(7);
		vi.advanceTimersByTime(200);
		expect(terminal.screen).toEqual(["above", row(29), row(29)]);
		terminal.resize(200);
		vi.advanceTimersByTime(200);
		expect(terminal.screen).toEqual(["above", row(199), row(199)]);
		rows.stop();
		expect(terminal.screen).toEqual(["above", ""]);
	});

	it("wrap what is written above them at words, and keep a command whole", () => {
		const terminal = new FakeTerminal(40);
		const rows = liveRows([() => "row"], terminal);
		rows.note(`the answer was lost; then run: reelay resolve job_${"0".repeat(25)} when you know`);
		vi.advanceTimersByTime(200);
		expect(terminal.screen.slice(0, 2)).toEqual([
			"the answer was lost; then run:",
			`reelay resolve job_${"0".repeat(21)}`,
		]);
		rows.stop();
	});
});
