/** Writes jobs one after the other, and says of each write that it is done. Ends when it is killed. */
import { writeSync } from "node:fs";
import { SqliteLedger } from "../../src/operations/sqlite-ledger.ts";
import { makeAttempt, makeRecord } from "./records.ts";

const [path = "", first = "0"] = process.argv.slice(2);
const ledger = new SqliteLedger(path);
for (let number = Number(first); ; number++) {
	const record = makeRecord(number, {
		state: "submitting",
		attempts: [makeAttempt("fake:one", { outcome: "unknown" })],
	});
	await ledger.insert(record);
	writeSync(1, `${number} 1\n`);
	await ledger.replace({ ...record, revision: 2, state: "accepted", attempts: [makeAttempt("fake:one")] }, 1);
	writeSync(1, `${number} 2\n`);
}
