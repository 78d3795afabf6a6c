/** A sequence of the terminal without its escape character, a control character, or one character. */
const ESCAPE = String.fromCharCode(27);
const PIECE = new RegExp(`${ESCAPE}(\\[\\?(?:7|25)[hl]|\\[\\d*[ABGJK])|[\\s\\S]`, "gu");

/**
 * What stands on a terminal, with all that has scrolled away. Knows the sequences that move the cursor and
 * clear, and throws at any other, such as a colour. Wraps what is wider, and wraps it anew when it is resized.
 */
export class Screen {
	#columns: number;
	#rows: string[][] = [[]];
	#x = 0;
	#y = 0;

	constructor(columns: number) {
		this.#columns = columns;
	}

	/** The rows, without the spaces at their ends. */
	get rows(): readonly string[] {
		return this.#rows.map((row) =>
			Array.from(row, (character) => character ?? " ")
				.join("")
				.trimEnd(),
		);
	}

	/** The rows as one text. */
	get text(): string {
		return this.rows.join("\n").trimEnd();
	}

	/** Draws. */
	write(text: string): void {
		for (const [whole, sequence] of text.matchAll(PIECE)) {
			if (sequence !== undefined) this.#obey(sequence);
			else if (whole === "\n") this.#moveTo(0, this.#y + 1);
			else if (whole === "\r") this.#x = 0;
			else if (whole === ESCAPE) throw new TypeError(`an unknown sequence: ${JSON.stringify(text.slice(0, 80))}`);
			else this.#put(whole);
		}
	}

	/** Another width: rows that do not fit any more are wrapped, and the cursor stays at its character. */
	resize(columns: number): void {
		const rows: string[][] = [];
		let y = this.#y;
		for (const [index, row] of this.#rows.entries()) {
			const parts = Math.max(1, Math.ceil(row.length / columns));
			for (let part = 0; part < parts; part++) rows.push(row.slice(part * columns, (part + 1) * columns));
			if (index < this.#y) y += parts - 1;
		}
		this.#columns = columns;
		this.#rows = rows;
		this.#moveTo(this.#x % columns, y + Math.floor(this.#x / columns));
	}

	#put(character: string): void {
		if (this.#x === this.#columns) this.#moveTo(0, this.#y + 1);
		this.#row[this.#x++] = character;
	}

	#obey(sequence: string): void {
		const amount = Number.parseInt(sequence.slice(1), 10);
		const row = this.#row;
		const kind = sequence.at(-1);
		if (kind === "A") this.#moveTo(this.#x, Math.max(0, this.#y - amount));
		if (kind === "B") this.#moveTo(this.#x, this.#y + amount);
		if (kind === "G") this.#moveTo(amount - 1, this.#y);
		if (kind === "K") row.length = sequence === "[2K" ? 0 : Math.min(row.length, this.#x);
		if (kind === "J") {
			row.length = Math.min(row.length, this.#x);
			this.#rows.length = this.#y + 1;
		}
	}

	#moveTo(x: number, y: number): void {
		this.#x = x;
		this.#y = y;
		while (this.#rows.length <= y) this.#rows.push([]);
	}

	get #row(): string[] {
		return this.#rows[this.#y] ?? [];
	}
}
