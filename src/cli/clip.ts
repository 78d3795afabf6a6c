/** Characters that take two columns of a terminal. */
const WIDE =
	/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

/** What a terminal has that does not say. */
const USUAL_COLUMNS = 80;

/** How many columns a terminal has. */
export function columnsOf({ columns = 0 }: { readonly columns?: number }): number {
	return columns > 0 ? columns : USUAL_COLUMNS;
}

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
	return [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
}

/** The text as far as it fits into so many columns; an ellipsis tells that there is more. */
export function clip(text: string, columns: number): string {
	if (widthOf(text) <= columns) return text;
	let kept = "";
	let used = 0;
	for (const character of text) {
		used += widthOf(character);
		if (used > columns - 1) break;
		kept += character;
	}
	return columns < 1 ? "" : `${kept}…`;
}
