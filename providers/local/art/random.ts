/** A reproducible source of numbers. Everything that looks like chance in a video comes from one. */
export interface Random {
	/** The next number, at least 0 and below 1. */
	next(): number;
	/** The next number from `low` up to `high`. */
	range(low: number, high: number): number;
	/** One element of a list that has at least one. */
	pick<Item>(list: readonly [Item, ...Item[]]): Item;
	/** A source of its own for one element of the picture, so that adding another does not change it. */
	fork(label: string): Random;
}

/** The numbers that belong to a seed (a whole number from 0 to 2³²−1). */
export function createRandom(seed: number): Random {
	let state = seed >>> 0;
	function next(): number {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}
	return {
		next,
		range: (low, high) => low + (high - low) * next(),
		pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
		fork: (label) => createRandom(hashText(`${seed}/${label}`)),
	};
}

/** A whole number from 0 to 2³²−1 that is the same for the same text everywhere. */
export function hashText(text: string): number {
	let hash = 0x811c9dc5;
	for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
	hash ^= hash >>> 15;
	hash = Math.imul(hash, 0x2c1b3c6d);
	return (hash ^ (hash >>> 13)) >>> 0;
}

/** A smooth curve through random values at the whole numbers; its values lie from −1 to 1. */
export function createNoise(random: Random): (position: number) => number {
	const size = 256;
	const values = Array.from({ length: size }, () => random.range(-1, 1));
	return (position) => {
		const cell = Math.floor(position);
		const share = position - cell;
		const left = values[((cell % size) + size) % size] ?? 0;
		const right = values[(((cell + 1) % size) + size) % size] ?? 0;
		return left + (right - left) * share * share * (3 - 2 * share);
	};
}

/** Several octaves of {@link createNoise}; each adds detail of half the size and `roughness` times the height. */
export function createRoughNoise(random: Random, octaves: number, roughness = 0.5): (position: number) => number {
	const layers = Array.from({ length: octaves }, (_, octave) => createNoise(random.fork(`octave ${octave}`)));
	return (position) => {
		let sum = 0;
		let height = 1;
		let total = 0;
		for (const [octave, layer] of layers.entries()) {
			sum += layer(position * 2 ** octave + octave * 17.3) * height;
			total += height;
			height *= roughness;
		}
		return sum / total;
	};
}

/** A smooth field of random values from 0 to 1, with several octaves of detail. */
export function createCloudNoise(random: Random, octaves: number): (x: number, y: number) => number {
	const size = 64;
	const values = Float32Array.from({ length: size * size }, () => random.next());
	const valueAt = (x: number, y: number): number => values[((y & 63) << 6) | (x & 63)] ?? 0;
	const smooth = (share: number): number => share * share * (3 - 2 * share);
	function layer(x: number, y: number): number {
		const column = Math.floor(x);
		const row = Math.floor(y);
		const across = smooth(x - column);
		const upper = valueAt(column, row) * (1 - across) + valueAt(column + 1, row) * across;
		const lower = valueAt(column, row + 1) * (1 - across) + valueAt(column + 1, row + 1) * across;
		const down = smooth(y - row);
		return upper * (1 - down) + lower * down;
	}
	return (x, y) => {
		let sum = 0;
		let height = 0.5;
		let total = 0;
		for (let octave = 0; octave < octaves; octave += 1) {
			const scale = 2 ** octave;
			sum += layer(x * scale + octave * 13.7, y * scale + octave * 7.1) * height;
			total += height;
			height *= 0.5;
		}
		return sum / total;
	};
}
