/** Waits for a job, raises its revision in a race with other processes, and prints the revisions that it won. */
import { SqliteLedger } from "../../src/operations/sqlite-ledger.ts";

const [path = "", id = "", name = "", last = "0"] = process.argv.slice(2);
const ledger = new SqliteLedger(path);
const won: number[] = [];
process.stdout.write("ready\n");
for (;;) {
	const record = await ledger.find(id);
	if (record === undefined) continue;
	if (record.revision >= Number(last)) break;
	const revision = record.revision + 1;
	if (await ledger.replace({ ...record, revision, prompt: name }, record.revision)) won.push(revision);
	// Opening and closing beside processes that write is where locks are lost.
	if (won.length % 20 === 19) await ledger.close();
}
await ledger.close();
process.stdout.write(`${JSON.stringify(won)}\n`);
