/** Something that waits, and whom it waits for. */
export interface Waiting {
	/** Who came before whom. */
	readonly index: number;
	/** The lane; all that need no provider have one of their own. */
	readonly lane: string;
}

/** Items in the order in which they came. One who waits for a provider holds up nobody of another. */
export class WaitingLine<Item extends Waiting> {
	readonly #lanes = new Map<string, Item[]>();
	#size = 0;

	/** How many wait. */
	get size(): number {
		return this.#size;
	}

	/** Adds one. Whoever comes again stands where he stood. */
	add(item: Item): void {
		const lane = this.#lanes.get(item.lane) ?? [];
		this.#lanes.set(item.lane, lane);
		const behind = lane.findLastIndex(({ index }) => index < item.index);
		lane.splice(behind + 1, 0, item);
		this.#size++;
	}

	/** Takes the first one whose lane may go. */
	take(mayGo: (lane: string) => boolean): Item | undefined {
		let first: Item | undefined;
		for (const [lane, [head]] of this.#lanes) {
			if (head === undefined || !mayGo(lane)) continue;
			if (first === undefined || head.index < first.index) first = head;
		}
		if (first === undefined) return undefined;
		this.#lanes.get(first.lane)?.shift();
		this.#size--;
		return first;
	}

	/** Takes everybody, lane by lane. */
	takeAll(): readonly Item[] {
		const all = [...this.#lanes.values()].flat();
		this.#lanes.clear();
		this.#size = 0;
		return all;
	}
}
