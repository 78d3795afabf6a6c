import type { BatchProgress } from "../batch/index.ts";
import type { VideoProgress } from "../index.ts";
import type { BatchLine } from "./batch-input.ts";

/** Characters that take two columns of a terminal. */
const WIDE =
	/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
/** Characters that take none, or would move the cursor. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Mn}]/gu;
const STAGE_COLUMNS = "downloading".length;
const WIDE_TERMINAL = 110;

/** The text as far as it fits into so many columns; an ellipsis tells that there is more. */
export function clip(text: string, columns: number): string {
	const characters = [...text];
	let used = 0;
	for (const [index, character] of characters.entries()) {
		used += WIDE.test(character) ? 2 : 1;
		if (used <= columns) continue;
		let kept = characters.slice(0, index);
		while (kept.length > 0 && widthOf(kept) > columns - 1) kept = kept.slice(0, -1);
		return columns < 1 ? "" : `${kept.join("")}…`;
	}
	return text;
}

/** The row of one item: `line 12  running  ██████░░░░  60 %  12 s  A red kite …`. */
export function itemRow(
	{ line, request }: BatchLine,
	progress: VideoProgress | undefined,
	seconds: number,
	labelColumns: number,
	columns: number,
): string {
	const share = progress === undefined ? undefined : shareOf(progress);
	const percent = share === undefined ? "" : `${Math.round(share * 100)} %`;
	const parts = [
		`line ${line}`.padEnd(labelColumns),
		(progress?.stage ?? "").padEnd(STAGE_COLUMNS),
		bar(share ?? 0, columns >= WIDE_TERMINAL ? 24 : 12),
		percent.padStart(5),
		clockText(seconds).padStart(5),
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
		bar(share, columns >= WIDE_TERMINAL ? 40 : 20),
		`${done}/${total} done`,
		...(failed === 0 ? [] : [`${failed} failed`]),
		`${running} running`,
		clockText(seconds),
	].join("  ");
}

function bar(share: number, columns: number): string {
	const full = Math.round(Math.min(1, Math.max(0, share)) * columns);
	return "█".repeat(full) + "░".repeat(columns - full);
}

/** `0:05`, `12:30`, `2:03:04`. */
function clockText(seconds: number): string {
	const whole = Math.floor(seconds);
	const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
	const two = (value: number) => String(value).padStart(2, "0");
	return hours === 0 ? `${minutes}:${two(rest)}` : `${hours}:${two(minutes)}:${two(rest)}`;
}

function shareOf({ stage, progress, receivedBytes, totalBytes }: VideoProgress): number | undefined {
	if (stage !== "downloading") return progress;
	return receivedBytes === undefined || totalBytes === undefined ? undefined : receivedBytes / Math.max(1, totalBytes);
}

function widthOf(characters: readonly string[]): number {
	return characters.reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
}
