import { type Fault, faults, type ServiceCallName } from "../../../src/testing/index.ts";
import type { Cell, Finding, Recovery } from "./cell.ts";
import { runSideBySide } from "./run-cells.ts";

const SEQUENCES = 150;

const SUBMIT: readonly (readonly [name: string, fault: Fault, outcome: "rejected" | "unknown", charges: boolean])[] = [
	["429", faults.status(429), "rejected", false],
	["400", faults.status(400), "rejected", false],
	["reset before", faults.reset(), "unknown", false],
	["reset after", faults.reset("after-commit"), "unknown", true],
	["500 after", faults.status(500, {}, "after-commit"), "unknown", true],
	["truncated", faults.truncatedJson(), "unknown", true],
];

const HARMLESS: readonly (readonly [name: string, call: ServiceCallName, fault: Fault])[] = [
	["look reset", "look", faults.reset()],
	["look 500", "look", faults.status(500)],
	["look 429", "look", faults.status(429, { "retry-after": "5" })],
	["look HTML", "look", faults.html()],
	["look cut", "look", faults.cut(7)],
	["look 404", "look", faults.status(404)],
	["result cut", "result", faults.cut(300, "reset")],
	["result 503", "result", faults.status(503)],
	["result expired", "result", faults.status(403)],
];

/** Jobs with one to four random faults each. The same seed makes the same sequences. */
export async function runRandomSequences(
	seed: number,
): Promise<{ readonly cells: number; readonly findings: readonly Finding[] }> {
	const random = generator(seed);
	const cells = Array.from({ length: SEQUENCES }, (_, index) => randomCell(`seed ${seed} #${index}`, random));
	return { cells: cells.length, findings: await runSideBySide(cells) };
}

function randomCell(name: string, random: () => number): Cell {
	const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
	const recovery = pick<Recovery>(["none", "list", "replay"]);
	const first = random() < 0.6 ? pick(SUBMIT) : undefined;
	const later = Array.from({ length: Math.floor(random() * 4) }, () => pick(HARMLESS));
	const isFound = first?.[2] !== "unknown" || recovery === "replay" || (recovery === "list" && first[3]);
	const isNext = first?.[0] === "400";
	return {
		name: `${name}: ${[first?.[0] ?? "accepted", ...later.map(([fault]) => fault), recovery].join(", ")}`,
		recovery,
		arrange: (service) => {
			if (first !== undefined) service.next("submit", first[1]);
			for (const [, call, fault] of later) service.next(call, fault);
		},
		expected: isNext ? "next" : isFound ? "video" : "submit_unknown",
		billed: isNext ? 0 : isFound || first?.[3] === true ? 1 : 0,
		maxPosts: first?.[0] === "429" ? 2 : 1,
	};
}

/** The generator "mulberry32": small, and the same everywhere. */
function generator(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
