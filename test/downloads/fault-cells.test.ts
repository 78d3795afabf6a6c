import { describe, expect, it } from "vitest";
import { CELL_GROUPS } from "../faults/downloads/index.ts";

/** The same cells that `npm run test:faults` counts, one test each. */
for (const [subject, cells] of Object.entries(CELL_GROUPS)) {
	// The network's timers tick twice a second, so cells that wait for one wait together.
	const test = subject === "slow servers" ? it.concurrent : it;
	describe(`a fault among ${subject} ends as it must`, () => {
		test.each(cells.map((cell) => [cell.name, cell] as const))("%s", async (_name, cell) => {
			const { problems, wronglyFinal, deniedConnects, bytesLost } = await cell.run();
			expect({ problems, wronglyFinal, deniedConnects, bytesLost }).toEqual({
				problems: [],
				wronglyFinal: 0,
				deniedConnects: 0,
				bytesLost: 0,
			});
		});
	});
}
