import { MultiBar, type SingleBar } from "cli-progress";
import { redact } from "../errors/index.ts";
import { clip, columnsOf, widthOf } from "./clip.ts";
import { wrapLine } from "./table.ts";

/** The part of a terminal's stream that rows are drawn on. */
export type RowStream = NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number };

/** Rows at the end of the screen that are drawn again and again. */
export interface LiveRows {
	/** Writes a line that stays, above them. */
	note(line: string): void;
	/** Removes them, so that what follows starts on a clean line. */
	stop(): void;
}

/** Draws a row with each of the functions, which are told how many columns there are. */
export function liveRows(draws: readonly ((columns: number) => string)[], stream: RowStream): LiveRows {
	const columnsNow = () => columnsOf(stream);
	const widths: number[] = [];
	const bars = new MultiBar({
		// Rows never reach the last column, so none is ever wrapped.
		format: (_options, _parameters, { index }: { readonly index: number }) => {
			const columns = columnsNow() - 1;
			const row = clip(draws[index]?.(columns) ?? "", columns);
			widths[index] = widthOf(row);
			return row;
		},
		stream,
		linewrap: true,
		forceRedraw: true,
		hideCursor: true,
		clearOnComplete: true,
		gracefulExit: false,
		autopadding: false,
		emptyOnZero: true,
	});
	// A terminal that becomes narrower wraps what stands on it: the old rows take more lines than were drawn.
	let wrapped = 0;
	bars.on("update-pre", () => {
		wrapped = widths.reduce((sum, width) => sum + Math.max(0, Math.ceil(width / columnsNow()) - 1), 0);
		if (wrapped > 0) stream.write(`\x1b[${wrapped}A`);
	});
	bars.on("redraw-pre", () => {
		if (wrapped > 0) stream.write("\x1b[J");
	});
	const drawn: readonly SingleBar[] = draws.map((_draw, index) => bars.create(1, 0, { index }));
	const stop = () => {
		if (!bars.isActive) return;
		bars.update();
		for (const bar of drawn) bar.stop();
		bars.stop();
	};
	// Whatever ends the process, the cursor comes back.
	process.once("exit", stop);
	return {
		note: (line) => bars.log(`${wrapLine(redact(line), columnsNow()).replaceAll("\n", "\x1b[K\n")}\x1b[K\n`),
		stop() {
			process.off("exit", stop);
			stop();
		},
	};
}
