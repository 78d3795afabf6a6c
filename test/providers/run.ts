/**
 * `npm run test:providers`: holds every protocol of every built-in provider to the contract, and prints how many
 * cases each was tried with.
 */
import { protocolCases } from "./protocol.ts";
import { PROTOCOLS } from "./protocols.ts";

const rows: string[][] = [["provider", "protocol", "cases", "failed"]];
const failures: string[] = [];
for (const protocol of PROTOCOLS) {
	const cases = protocolCases(protocol);
	let failed = 0;
	for (const { name, run } of cases) {
		try {
			await run();
		} catch (error) {
			failed++;
			failures.push(`${protocol.provider}, ${protocol.name}: ${name}: ${String(error)}`);
		}
	}
	rows.push([protocol.provider, protocol.name, String(cases.length), String(failed)]);
}
const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
for (const row of rows)
	console.log(
		row
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join("  ")
			.trimEnd(),
	);
for (const failure of failures) console.log(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
