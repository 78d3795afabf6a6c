import type { BatchProgress } from "../batch/index.ts";
import type { VideoProgress } from "../index.ts";
import type { BatchLine } from "./batch-input.ts";
import { itemRow, totalRow } from "./batch-rows.ts";
import { liveRows, type RowStream } from "./live-rows.ts";
import type { Terminal } from "./terminal.ts";

/** Shows how far a batch is. */
export interface BatchDisplay {
	/** Shows how far one item is. */
	update(item: BatchLine, progress: VideoProgress): void;
	/** Shows that an item has ended, in a few words; in none, it is only shown no more. */
	end(item: BatchLine, outcome?: string): void;
	/** Shows how far the whole is. */
	totals(progress: BatchProgress): void;
	/** Writes a line that stays; silent with `--quiet`. */
	note(line: string): void;
	/** Writes a line that even `--quiet` does not silence. */
	problem(line: string): void;
	/** Removes the bars, so that what follows starts on a clean line. */
	stop(): void;
}

const MOST_ITEM_BARS = 16;
const USUAL_ROWS = 24;

/** One line for each item that has ended. */
export function lineDisplay(terminal: Terminal, total: number): BatchDisplay {
	let done = 0;
	return {
		update: () => undefined,
		end({ line }, outcome) {
			if (outcome !== undefined) terminal.note(`[${++done}/${total}] line ${line}: ${outcome}`);
		},
		totals: () => undefined,
		note: (line) => terminal.note(line),
		problem: (line) => terminal.problem(line),
		stop: () => undefined,
	};
}

interface Row {
	item?: BatchLine | undefined;
	progress?: VideoProgress | undefined;
	startedAtMs: number;
}

/** A bar for the whole, and one for each item that is worked on, as far as there is room. */
export function barDisplay(total: number, concurrency: number, stream: RowStream = process.stderr): BatchDisplay {
	const startedAtMs = performance.now();
	let totals: BatchProgress = { total, done: 0, successful: 0, failed: 0, running: 0 };
	const room = Math.max(1, (stream.rows ?? USUAL_ROWS) - 3);
	const rows: Row[] = Array.from({ length: Math.min(total, concurrency, room, MOST_ITEM_BARS) }, () => ({
		startedAtMs,
	}));
	const live = liveRows(
		[
			(columns) => totalRow(totals, (performance.now() - startedAtMs) / 1000, columns),
			...rows.map((row) => (columns: number) => {
				if (row.item === undefined) return "";
				const widest = Math.max(...rows.map(({ item }) => (item === undefined ? 0 : `line ${item.line}`.length)));
				return itemRow(row.item, row.progress, (performance.now() - row.startedAtMs) / 1000, widest, columns);
			}),
		],
		stream,
	);
	return {
		update(item, progress) {
			const row = rows.find((used) => used.item === item) ?? rows.find((free) => free.item === undefined);
			if (row === undefined) return;
			if (row.item !== item) row.startedAtMs = performance.now();
			row.item = item;
			row.progress = progress;
		},
		end(item) {
			const row = rows.find((used) => used.item === item);
			if (row === undefined) return;
			row.item = undefined;
			row.progress = undefined;
		},
		totals(progress) {
			totals = progress;
		},
		note: live.note,
		problem: live.note,
		stop: live.stop,
	};
}
