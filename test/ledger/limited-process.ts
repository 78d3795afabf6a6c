/** Writes jobs until a write is refused, then once more after a line on stdin. Prints what came of both. */
import { once } from "node:events";
import { isVideoError } from "../../src/errors/index.ts";
import { SqliteLedger } from "../../src/operations/sqlite-ledger.ts";
import { makeRecord } from "./records.ts";

const [path = ""] = process.argv.slice(2);
const ledger = new SqliteLedger(path);
let number = 0;
const refusals: unknown[] = [];
for (; refusals.length === 0 && number < 10_000; number++) {
	await ledger.insert(makeRecord(number)).catch((error: unknown) => refusals.push(error));
}
const [refusal] = refusals;
const { code, billed, message } = isVideoError(refusal) ? refusal : { code: String(refusal) };
process.stdout.write(`${JSON.stringify({ recorded: number - 1, code, billed, message })}\n`);
await once(process.stdin, "data");
await ledger.insert(makeRecord(number - 1));
process.stdout.write("recorded\n");
process.stdin.destroy();
