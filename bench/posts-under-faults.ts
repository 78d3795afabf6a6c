/**
 * What each client sends, and what it would pay for, when every answer to a submission goes wrong in the same
 * way. All settings are the client's defaults. A video that is not there after a minute counts as none.
 */
import { isVideoError } from "reelay";
import { createScriptedService, type Fault, faults } from "reelay/testing";
import { falDialect } from "../test/providers/fal/dialect.ts";
import { withFolder } from "./support/child.ts";
import { CLIENTS, type ClientName, createClient } from "./support/clients.ts";
import { print } from "./support/report.ts";

const LIMIT_MS = 60_000;
const FAULTS: Readonly<Record<string, Fault>> = {
	"reset, after it was accepted": faults.reset("after-commit"),
	"answer cut short": faults.cut(20),
	"status 503, after it was accepted": faults.status(503, {}, "after-commit"),
	"status 503": faults.status(503),
	"status 429": faults.status(429),
};

interface Row {
	readonly fault: string;
	readonly client: ClientName;
	/** Submissions that arrived whole. */
	readonly posts: number;
	/** Jobs that the service made and charges. */
	readonly paidJobs: number;
	readonly outcome: string;
}

const rows: Row[] = [];
for (const [name, fault] of Object.entries(FAULTS)) {
	rows.push(...(await Promise.all(CLIENTS.map((client) => trial(client, name, fault)))));
}
const ours = rows.filter(({ client }) => client === "reelay");
const mostPaid = Math.max(...ours.map(({ paidJobs }) => paidJobs));
print({
	name: "posts-under-faults",
	rows,
	budgets: [
		{
			what: "jobs paid for one video, whatever fails",
			budget: "at most 1",
			measured: `${mostPaid}`,
			isMet: mostPaid <= 1,
		},
	],
});

async function trial(name: ClientName, fault: string, scripted: Fault): Promise<Row> {
	await using service = await createScriptedService({ dialect: falDialect });
	service.every("submit", scripted);
	const signal = AbortSignal.timeout(LIMIT_MS);
	const outcome = await withFolder(async (folder) => {
		await using client = createClient(name, { origin: service.baseUrl, folder, signal });
		return await client.generate("A red kite", `${folder}/kite.mp4`).then(() => "video", wordsOf);
	});
	return { fault, client: name, posts: service.posts, paidJobs: service.billed, outcome };
}

function wordsOf(error: unknown): string {
	if (isVideoError(error)) return error.code;
	return error instanceof Error ? error.name : "error";
}
