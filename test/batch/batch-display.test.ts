import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { barDisplay, lineDisplay } from "../../src/cli/batch-display.ts";
import type { BatchLine } from "../../src/cli/batch-input.ts";
import { itemRow, totalRow } from "../../src/cli/batch-rows.ts";
import { clip } from "../../src/cli/clip.ts";
import type { RowStream } from "../../src/cli/live-rows.ts";
import { FakeTerminal } from "./fake-terminal.ts";

function item(line: number, prompt: string): BatchLine {
	return { index: line, line, key: `k-${line}`, request: { prompt }, options: {} } as unknown as BatchLine;
}

const ESCAPE = String.fromCharCode(27);

describe("the bars of a batch", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it.each([80, 200, 40])("are tidy at %i columns", (columns) => {
		const terminal = new FakeTerminal(columns);
		const display = barDisplay(120, 2, terminal as unknown as RowStream);
		const long =
			"A red kite over the sea at dawn, seen from far above while the sun comes up behind the hills. ".repeat(3);
		const [first, second] = [item(7, long), item(118, `日本の${long}`)];
		display.totals({ total: 120, done: 30, successful: 28, failed: 2, running: 2 });
		display.update(first, { jobId: "a", model: "x:y", stage: "running", progress: 0.5 });
		display.update(second, { jobId: "b", model: "x:y", stage: "downloading", receivedBytes: 1, totalBytes: 4 });
		display.problem(`reelay: line 3: ${"it went wrong, ".repeat(12)}`);
		vi.advanceTimersByTime(200);
		const { screen } = terminal;
		const rows = screen.filter((row) => row.includes("█") || row.includes("░"));
		expect(rows).toHaveLength(3);
		expect(rows[0]).toMatch(/30\/120 done/);
		expect(rows[1]).toMatch(/^line 7 {4}running {6}█+░+ {3}(50 %|…)/);
		expect(rows[2]).toMatch(/^line 118 {2}downloading/);
		for (const row of rows) expect(row.length).toBeLessThan(columns);
		// A message is never cut: people need all of it.
		expect(screen.join(" ")).toContain("it went wrong, ".repeat(12).trim());
		display.note("short");
		display.note("another");
		vi.advanceTimersByTime(200);
		expect(terminal.screen.slice(-5, -3)).toEqual(["short", "another"]);
		expect(terminal.screen.slice(-3).map((row) => row.slice(0, 8))).toEqual(rows.map((row) => row.slice(0, 8)));
		display.stop();
		expect(terminal.screen.filter((row) => row.includes("░"))).toEqual([]);
		expect(terminal.text.split(`${ESCAPE}[?25`).at(-1)).toMatch(/^h/);
	});

	it("show an item in one place from its beginning to its end, and then another one", () => {
		const terminal = new FakeTerminal(80);
		const display = barDisplay(3, 2, terminal as unknown as RowStream);
		const progress = { jobId: "a", model: "x:y", stage: "running" } as const;
		const first = item(1, "one");
		display.update(first, progress);
		display.update(first, progress);
		const second = item(2, "two");
		display.update(second, progress);
		vi.advanceTimersByTime(65_000);
		display.end(second, "done");
		display.update(item(3, "three"), progress);
		vi.advanceTimersByTime(200);
		const rows = terminal.screen.filter((row) => row.startsWith("line"));
		expect(rows.map((row) => row.slice(0, 6))).toEqual(["line 1", "line 3"]);
		expect(rows.map((row) => /\d:\d\d/.exec(row)?.[0])).toEqual(["1:05", "0:00"]);
		display.stop();
	});

	it("say what is going on in a row that fits", () => {
		const progress = { jobId: "a", model: "x:y", stage: "running", progress: 0.25 } as const;
		expect(itemRow(item(3, `A kite\nover ${ESCAPE}[31mthe sea`), progress, 65, 7, 79)).toBe(
			"line 3   running      ███░░░░░░░░░   25 %   1:05  A kite over [31mthe sea",
		);
		expect(totalRow({ total: 4, done: 1, successful: 1, failed: 0, running: 3 }, 3723, 79)).toBe(
			"█████░░░░░░░░░░░░░░░  1/4 done  3 running  1:02:03",
		);
	});

	it("count wide characters twice", () => {
		expect(clip("abcdef", 6)).toBe("abcdef");
		expect(clip("abcdefg", 6)).toBe("abcde…");
		expect(clip("日本語日本", 6)).toBe("日本…");
		expect(clip("日本語", 6)).toBe("日本語");
		expect(clip("abc", 0)).toBe("");
	});
});

describe("the lines of a batch", () => {
	it("are one for each item that ends", () => {
		const lines: string[] = [];
		const terminal = {
			note: (line: string) => void lines.push(line),
			problem: (line: string) => void lines.push(line),
		};
		const display = lineDisplay(terminal as never, 3);
		display.update(item(1, "one"), { jobId: "a", model: "x:y", stage: "running" });
		display.end(item(2, "two"), "/videos/2.mp4");
		display.end(item(3, "three"));
		display.end(item(1, "one"), "no video");
		expect(lines).toEqual(["[1/3] line 2: /videos/2.mp4", "[2/3] line 1: no video"]);
	});
});
