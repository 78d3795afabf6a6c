import type { BatchProgress } from "../batch/index.ts";
import type { VideoProgress } from "../index.ts";
import { clockText } from "./amounts.ts";
import type { BatchLine } from "./batch-input.ts";
import { clip } from "./clip.ts";
import { barText, progressText } from "./progress-text.ts";

/** Characters that take no column, or would move the cursor. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Mn}]/gu;
const STAGE_COLUMNS = "downloading".length;
const WIDE_TERMINAL = 110;

/** The row of one item: `line 12  running  ██████░░░░  60 %  0:12  A red kite …`. */
export function itemRow(
	{ line, request }: BatchLine,
	progress: VideoProgress | undefined,
	seconds: number,
	labelColumns: number,
	columns: number,
): string {
	const isWide = columns >= WIDE_TERMINAL;
	const { stage = "", share = 0, percent = "", detail = "" } = progress === undefined ? {} : progressText(progress);
	const parts = [
		`line ${line}`.padEnd(labelColumns),
		stage.padEnd(STAGE_COLUMNS),
		barText(share, isWide ? 24 : 12),
		percent.padStart(5),
		clockText(seconds).padStart(5),
		...(detail !== "" && (isWide || stage === "queued") ? [detail] : []),
	];
	const head = parts.join("  ");
	const prompt = String(request.prompt).replaceAll(/\s+/g, " ").replaceAll(UNPRINTABLE, "");
	return `${head}  ${clip(prompt, columns - head.length - 2)}`;
}

/** The row of the whole batch. */
export function totalRow(
	{ total = 0, done, failed, running }: BatchProgress,
	seconds: number,
	columns: number,
): string {
	const share = total === 0 ? 1 : done / total;
	return [
		barText(share, columns >= WIDE_TERMINAL ? 40 : 20),
		`${done}/${total} done`,
		...(failed === 0 ? [] : [`${failed} failed`]),
		`${running} running`,
		clockText(seconds),
	].join("  ");
}
