import { commonCases } from "./common-cases.ts";
import type { ContractCase, ContractOptions, HttpContract } from "./contract-options.ts";
import { handleCases } from "./handle-cases.ts";
import { lookCases } from "./look-cases.ts";
import { optionCases } from "./option-cases.ts";
import { recoveryCases } from "./recovery-cases.ts";
import { resultCases } from "./result-cases.ts";
import { secretCases } from "./secret-cases.ts";
import { submitCases } from "./submit-cases.ts";
import { Trial, type TrialCase } from "./trial.ts";

/**
 * The requirements that hold for every provider, as cases for any test runner:
 * `for (const { name, run } of contractCases(…)) it(name, run)`.
 *
 * With a `dialect`, each case has a scripted service of its own, and every fault that concerns an adapter
 * is tried: the three outcomes of a submission, looks, results, handles, options one by one, and secrets.
 */
export function contractCases(options: ContractOptions): readonly ContractCase[] {
	if (options.dialect !== undefined) return httpCases(options);
	return commonCases(options, async (check) => {
		const provider = options.create();
		try {
			await check(provider);
		} finally {
			await provider.close?.();
		}
	});
}

function httpCases(contract: HttpContract): readonly ContractCase[] {
	const groups = [submitCases, lookCases, resultCases, recoveryCases, handleCases, optionCases, secretCases];
	// What it claims decides which cases there are. Nothing is sent to it or by it.
	const provider = contract.create({ baseUrl: "http://127.0.0.1:9", apiKey: "unused" });
	const cases = groups.flatMap((group) => group(contract, provider));
	void provider.close?.();
	const run = (check: TrialCase["check"]) => Trial.run(contract, provider.traits, check);
	return [
		...commonCases(contract, (check) => run(async (trial) => check(trial.provider))),
		...cases.map(({ name, check }) => ({ name, run: () => run(check) })),
	];
}
