import { didYouMean } from "../../config/index.ts";
import { ConfigurationError, isVideoError } from "../../errors/index.ts";
import { cheapest } from "./cheapest.ts";
import { fastest } from "./fastest.ts";
import { ordered } from "./ordered.ts";
import type { RoutingCandidate, RoutingStrategy } from "./routing-strategy.ts";

const STRATEGIES = { ordered, fastest, cheapest } as const;

/** The strategies that have a name. */
export type StrategyName = keyof typeof STRATEGIES;

/**
 * The strategy that `routing` names, or the user's own function, whose answers are checked.
 *
 * Throws `ConfigurationError` when there is none of that name.
 */
export function chooseStrategy(routing: StrategyName | RoutingStrategy = "ordered"): RoutingStrategy {
	if (typeof routing === "function") return (candidates) => askUser(routing, candidates);
	const names = Object.keys(STRATEGIES);
	if (names.includes(routing)) return STRATEGIES[routing];
	throw new ConfigurationError(
		`routing: there is no "${String(routing)}".${didYouMean(String(routing), names)} ` +
			`Use ${names.join(", ")}, or a function`,
	);
}

/** Items in the order that a strategy gives to what it sees of them; those that it leaves out are missing. */
export function arrange<Item>(
	items: readonly Item[],
	describe: (item: Item) => RoutingCandidate,
	strategy: RoutingStrategy,
): readonly Item[] {
	const byReference = new Map(items.map((item) => [describe(item).reference, item]));
	return strategy(items.map(describe)).flatMap(({ reference }) => byReference.get(reference) ?? []);
}

function askUser(strategy: RoutingStrategy, candidates: readonly RoutingCandidate[]): readonly RoutingCandidate[] {
	const answer: unknown = callUser(strategy, candidates);
	if (!Array.isArray(answer)) throw wrong(`returned ${answer instanceof Promise ? "a promise" : typeof answer}`);
	const left = new Map(candidates.map((candidate) => [candidate.reference, candidate]));
	const chosen = answer.map((entry: unknown) => {
		const reference = referenceOf(entry);
		const candidate = left.get(reference);
		if (candidate !== undefined && left.delete(reference)) return candidate;
		const isTwice = candidates.some((known) => known.reference === reference);
		throw wrong(isTwice ? `returned ${reference} twice` : `returned ${reference}, which is no candidate`);
	});
	if (chosen.length === 0 && candidates.length > 0) throw wrong("returned no candidate");
	return chosen;
}

function callUser(strategy: RoutingStrategy, candidates: readonly RoutingCandidate[]): unknown {
	try {
		return strategy(candidates);
	} catch (cause) {
		if (isVideoError(cause)) throw cause;
		throw wrong(`threw ${cause instanceof Error ? cause.message : String(cause)}`, cause);
	}
}

function referenceOf(entry: unknown): string {
	if (typeof entry === "object" && entry !== null && "reference" in entry) return String(entry.reference);
	return String(entry);
}

function wrong(problem: string, cause?: unknown): ConfigurationError {
	const remedy = "return the candidates that you want, in order, each at most once";
	return new ConfigurationError(`routing: your function ${problem}; ${remedy}`, { cause });
}
