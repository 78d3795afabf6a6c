import { describe, expect, it, vi } from "vitest";
import type { ProviderRequest } from "../../src/provider/index.ts";
import { contractCases, studioDialect } from "../../src/testing/index.ts";
import { MISTAKES } from "./careless-providers.ts";
import type { Mistake } from "./mistake.ts";

vi.mock("reelay/provider-kit", () => import("../../src/provider-kit/index.ts"));

const request: ProviderRequest = { task: "text-to-video", model: "any", prompt: "Waves", providerOptions: {} };

/** The names of the cases that a provider fails, of those that should notice its mistake. */
async function failing({
	create,
	dialect = studioDialect,
	noticedBy,
	timeoutMs = 5_000,
}: Mistake): Promise<readonly string[]> {
	const cases = contractCases({ create, dialect, request, timeoutMs }).filter(({ name }) => noticedBy.test(name));
	expect(cases.length, `no case is called ${noticedBy}`).toBeGreaterThan(0);
	const ended = await Promise.all(
		cases.map(({ name, run }) =>
			run().then(
				() => [],
				() => [name],
			),
		),
	);
	return ended.flat();
}

describe("the contract's cases notice a provider that", () => {
	for (const mistake of MISTAKES) {
		it(mistake.name, async () => {
			expect(await failing(mistake)).not.toEqual([]);
		});
	}
});
