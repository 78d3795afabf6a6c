import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigurationError, InputError } from "../../src/errors/index.ts";
import {
	arrange,
	chooseStrategy,
	LearnedStats,
	type RoutingCandidate,
	type RoutingStrategy,
	type StrategyName,
} from "../../src/routing/strategies/index.ts";

const names = (candidates: readonly RoutingCandidate[]) => candidates.map(({ reference }) => reference);
const candidate = (reference: string, more: Partial<RoutingCandidate> = {}): RoutingCandidate => ({
	reference,
	...more,
});

/** Numbers that look random and are the same in every run. */
function seeded(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

describe("a strategy", () => {
	const three = ["a", "b", "c"].map((reference) => candidate(reference));

	it("is the order of the chain where none is chosen", () => {
		expect(names(chooseStrategy()(three))).toEqual(["a", "b", "c"]);
		expect(names(chooseStrategy("ordered")(three.toReversed()))).toEqual(["c", "b", "a"]);
	});

	it("that does not exist is refused with the nearest name", () => {
		expect(() => chooseStrategy("fastets" as StrategyName)).toThrow(ConfigurationError);
		expect(() => chooseStrategy("fastets" as StrategyName)).toThrow(
			'routing: there is no "fastets". Did you mean "fastest"? Use ordered, fastest, cheapest, or a function',
		);
	});

	it("loses, adds and changes no candidate", () => {
		const anyStats = fc.option(
			fc.record({
				medianMs: fc.option(fc.nat(), { nil: undefined }),
				successRate: fc.double({ min: 0, max: 1, noNaN: true }),
				samples: fc.nat(40),
				recentSamples: fc.nat(7),
			}),
			{ nil: undefined },
		);
		const anyPrice = fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined });
		const anyCandidate = fc.record({ estimatedCostUsd: anyPrice, stats: anyStats });
		fc.assert(
			fc.property(fc.array(anyCandidate, { maxLength: 6 }), fc.constantFrom("fastest", "cheapest"), (given, name) => {
				const candidates = given.map((fields, index) => ({ reference: `m${index}`, ...fields }));
				const before = structuredClone(candidates);
				const after = chooseStrategy(name as StrategyName)(candidates);
				expect(candidates).toEqual(before);
				expect(new Set(after)).toEqual(new Set(candidates));
				expect(after).toHaveLength(candidates.length);
			}),
		);
	});

	it("arranges whatever the candidates stand for", () => {
		const items = [{ id: 1 }, { id: 2 }, { id: 3 }];
		const view = ({ id }: { readonly id: number }) => candidate(`m${id}`, { estimatedCostUsd: 10 - id });
		expect(arrange(items, view, chooseStrategy("cheapest"))).toEqual([items[2], items[1], items[0]]);
		expect(arrange(items, view, (all) => all.slice(1, 2))).toEqual([items[1]]);
	});
});

describe("cheapest", () => {
	const cheapest = chooseStrategy("cheapest");

	it("puts the lowest price first, nothing being the lowest, and unknown prices last", () => {
		const candidates = [
			candidate("unknown"),
			candidate("dear", { estimatedCostUsd: 2 }),
			candidate("free", { estimatedCostUsd: 0 }),
			candidate("fair", { estimatedCostUsd: 0.4 }),
		];
		expect(names(cheapest(candidates))).toEqual(["free", "fair", "dear", "unknown"]);
	});

	it("keeps the order of the chain among equals", () => {
		const same = ["a", "b", "c"].map((reference) => candidate(reference, { estimatedCostUsd: 1 }));
		expect(names(cheapest([candidate("x"), ...same, candidate("y")]))).toEqual(["a", "b", "c", "x", "y"]);
	});
});

describe("fastest", () => {
	const fastest = chooseStrategy("fastest");

	it("keeps the order of the chain while nothing is known", () => {
		expect(names(fastest([candidate("a"), candidate("b")]))).toEqual(["a", "b"]);
	});

	it("counts what fails as time that is lost", () => {
		const stats = (medianMs: number, successRate: number) => ({
			stats: { medianMs, successRate, samples: 10, recentSamples: 7 },
		});
		const order = fastest([candidate("quick, fails", stats(30_000, 0.4)), candidate("slow, works", stats(60_000, 1))]);
		expect(names(order)).toEqual(["slow, works", "quick, fails"]);
	});

	it("puts a model that never succeeds last, and tries it again when that is long ago", () => {
		const learned = new LearnedStats();
		learned.add("broken", 1_000, false);
		const view = (reference: string) => candidate(reference, { stats: learned.of(reference) });
		const choose = () => names(fastest(["broken", "works"].map(view)));
		for (let job = 0; job < 39; job++) learned.add("works", 60_000, true);
		expect(choose()).toEqual(["works", "broken"]);
		learned.add("works", 60_000, true);
		expect(choose()).toEqual(["broken", "works"]);
	});

	it.each([
		{ first: 40_000, second: 60_000, noise: 0 },
		{ first: 60_000, second: 40_000, noise: 0 },
		{ first: 60_000, second: 40_000, noise: 0.3 },
		{ first: 40_000, second: 60_000, noise: 0.3 },
	])(
		"finds the faster of two within 20 jobs, and follows when they swap: $first and $second ms, noise $noise",
		(times) => {
			const shareOf = { found: [] as number[], kept: [] as number[], followed: [] as number[] };
			for (let seed = 1; seed <= 50; seed++) {
				const chosen = simulate(times, seeded(seed));
				const faster = times.first < times.second ? "first" : "second";
				const share = (from: number, to: number, model: string) =>
					chosen.slice(from, to).filter((used) => used === model).length / (to - from);
				shareOf.found.push(share(10, 20, faster));
				shareOf.kept.push(share(20, 60, faster));
				shareOf.followed.push(share(70, 80, faster === "first" ? "second" : "first"));
			}
			const average = (shares: readonly number[]) => shares.reduce((sum, share) => sum + share, 0) / shares.length;
			expect(average(shareOf.found)).toBeGreaterThan(0.9);
			expect(average(shareOf.kept)).toBeGreaterThan(0.85);
			expect(average(shareOf.followed)).toBeGreaterThan(0.9);
		},
	);

	/** Which model each of 80 jobs used; after 60 the two swap their speeds. */
	function simulate(times: { first: number; second: number; noise: number }, random: () => number): readonly string[] {
		const learned = new LearnedStats();
		return Array.from({ length: 80 }, (_, job) => {
			const swapped = job >= 60;
			const typicalMs = { first: swapped ? times.second : times.first, second: swapped ? times.first : times.second };
			const view = (reference: string) => candidate(reference, { stats: learned.of(reference) });
			const used = fastest(["first", "second"].map(view))[0]?.reference as keyof typeof typicalMs;
			learned.add(used, typicalMs[used] * (1 + times.noise * (2 * random() - 1)), true);
			return used;
		});
	}
});

describe("what was learned", () => {
	it("is nothing of a model that was not used", () => {
		expect(new LearnedStats().of("a")).toBeUndefined();
	});

	it("is the median of the times of what succeeded, and the share that did", () => {
		const learned = new LearnedStats();
		for (const ms of [30, 10, 20]) learned.add("a", ms, true);
		learned.add("a", 1, false);
		expect(learned.of("a")).toEqual({ medianMs: 20, successRate: 0.75, samples: 4, recentSamples: 4 });
		learned.add("a", 40, true);
		expect(learned.of("a")?.medianMs).toBe(25);
		learned.add("b", 0, false);
		expect(learned.of("b")).toEqual({ medianMs: undefined, successRate: 0, samples: 1, recentSamples: 1 });
	});

	it("is of the last seven jobs of a model, and of the last forty of all", () => {
		const learned = new LearnedStats();
		learned.add("b", 5, true);
		for (let job = 0; job < 30; job++) learned.add("a", 100, true);
		for (let job = 0; job < 7; job++) learned.add("a", 10, true);
		expect(learned.of("a")).toEqual({ medianMs: 10, successRate: 1, samples: 37, recentSamples: 7 });
		for (let job = 0; job < 3; job++) learned.add("a", 10, true);
		expect(learned.of("b")).toBeUndefined();
		expect(learned.of("a")?.samples).toBe(40);
	});

	it("survives a restart", () => {
		const learned = new LearnedStats();
		learned.add("a", 0, true);
		learned.add("b", 20.5, false);
		const restored = new LearnedStats(JSON.parse(JSON.stringify(learned)));
		expect([restored.of("a"), restored.of("b")]).toEqual([learned.of("a"), learned.of("b")]);
	});

	it.each([null, {}, "x", [["a", 1]], [["a", -1, true]], [["a", "1", true]]])(
		"is nothing when %j was stored",
		(stored) => {
			expect(new LearnedStats(stored).toJSON()).toEqual([]);
		},
	);
});

describe("a function of the user", () => {
	const candidates = [candidate("a", { estimatedCostUsd: 1 }), candidate("b"), candidate("c")];
	const ask = (answer: unknown) => chooseStrategy((() => answer) as RoutingStrategy)(candidates);

	it("may turn the candidates around and leave some out", () => {
		const strategy = chooseStrategy((all) => all.toReversed().slice(0, 2));
		expect(names(strategy(candidates))).toEqual(["c", "b"]);
	});

	it("may return copies: the candidates themselves are used", () => {
		expect(ask([{ reference: "a", estimatedCostUsd: 99 }])).toEqual([candidates[0]]);
	});

	it.each([
		[undefined, "returned undefined"],
		[{}, "returned object"],
		[Promise.resolve([]), "returned a promise"],
		[[], "returned no candidate"],
		[[candidate("d")], "returned d, which is no candidate"],
		[[undefined], "returned undefined, which is no candidate"],
		[[candidate("a"), candidate("a")], "returned a twice"],
	])("that returns %j is refused in plain words", (answer, problem) => {
		expect(() => ask(answer)).toThrow(ConfigurationError);
		expect(() => ask(answer)).toThrow(
			`routing: your function ${problem}; return the candidates that you want, in order, each at most once`,
		);
	});

	it("that throws is named, with what it threw as the cause", () => {
		const strategy = chooseStrategy(() => {
			throw new RangeError("my own bug");
		});
		expect(() => strategy(candidates)).toThrow(/^routing: your function threw my own bug; /);
		const picky = chooseStrategy(() => {
			throw new InputError("model", "none of these");
		});
		expect(() => picky(candidates)).toThrow(InputError);
	});
});
