import { Writable } from "node:stream";
import { Screen } from "../support/screen.ts";

/** A terminal in this process, for rows that are drawn again and again. */
export class FakeTerminal extends Writable {
	readonly isTTY = true;
	readonly rows = 24;
	columns: number;
	/** Everything that was written. */
	text = "";
	readonly #screen: Screen;

	constructor(columns: number) {
		super();
		this.columns = columns;
		this.#screen = new Screen(columns);
	}

	override _write(chunk: Buffer, _encoding: string, done: () => void): void {
		this.text += chunk.toString();
		this.#screen.write(chunk.toString());
		done();
	}

	/** What stands on the screen. */
	get screen(): readonly string[] {
		return this.#screen.rows;
	}

	/** Somebody pulls at the window. */
	resize(columns: number): void {
		this.columns = columns;
		this.#screen.resize(columns);
	}
}
