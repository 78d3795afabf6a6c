import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { ProviderRequest, VideoProvider } from "../../src/provider/index.ts";
import * as kit from "../../src/provider-kit/index.ts";
import { contractCases, type HttpContract, type ServiceDialect, type ServiceTarget } from "../../src/testing/index.ts";

const GUIDE = readFileSync("docs/writing-a-provider.md", "utf8");

/** The sample of the guide that has a text in it, as a module. */
async function sample(text: string): Promise<Readonly<Record<string, unknown>>> {
	const blocks = [...GUIDE.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ""]) => code);
	const [code = "", ...others] = blocks.filter((block) => block.includes(text));
	expect(others, `several samples have ${text}`).toEqual([]);
	const folder = await mkdtemp(join(tmpdir(), "reelay-test-"));
	try {
		const file = join(folder, "sample.ts");
		await writeFile(file, code.replace('"reelay/provider-kit"', JSON.stringify(resolve("src/provider-kit/index.ts"))));
		return await import(file);
	} finally {
		await rm(folder, { recursive: true });
	}
}

/** The names in the first cells of a table of the guide, without what is called or said of them. */
function rowsOf(header: string): readonly string[] {
	const [, ...lines] = GUIDE.slice(GUIDE.indexOf(`\n${header}\n`))
		.trimStart()
		.split("\n");
	const rows = lines.slice(
		0,
		lines.findIndex((line) => !line.startsWith("|")),
	);
	return rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)/g)].map(([, name = ""]) => name));
}

const MEMBERS: { readonly [Name in keyof VideoProvider]-?: true } = {
	...{ id: true, traits: true, account: true, model: true, models: true, start: true, status: true },
	...{ cancel: true, find: true, adopt: true, check: true, release: true, close: true },
};
const DIALECT: { readonly [Name in keyof ServiceDialect]-?: true } = {
	...{ basePath: true, route: true, credential: true, submitted: true, looked: true, cancelled: true, listed: true },
	...{ failures: true, refused: true, refusedContent: true, jobId: true, resultPath: true, namesResult: true },
	duplicateStatus: true,
};
const CONTRACT: { readonly [Name in Exclude<keyof HttpContract, "dialect">]-?: true } = {
	...{ create: true, request: true, options: true, rejectedStatuses: true, maxAnswerBytes: true },
	...{ keyPrefix: true, timeoutMs: true },
};

describe("the sample of the guide keeps the contract: it", async () => {
	const { createStudioProvider } = await sample('id: "studio"');
	const { dialect } = await sample('basePath: "/v1"');
	const request: ProviderRequest = { task: "text-to-video", model: "any", prompt: "Waves", providerOptions: {} };
	const create = createStudioProvider as (target: ServiceTarget) => VideoProvider;
	for (const { name, run } of contractCases({ create, dialect: dialect as ServiceDialect, request })) it(name, run);
});

describe("the guide", () => {
	it("names every member of the contract", () => {
		expect([...rowsOf("| member | what it does | without it |")].sort()).toEqual(Object.keys(MEMBERS).sort());
	});

	it("names every field of a dialect, and every option of the cases", () => {
		expect([...rowsOf("| of a dialect | |")].sort()).toEqual(Object.keys(DIALECT).sort());
		expect([...rowsOf("| of `contractCases` | |")].sort()).toEqual(Object.keys(CONTRACT).sort());
	});

	it("names only functions that the kit has", () => {
		const rows = GUIDE.slice(GUIDE.indexOf("| need | function |")).split("\n\n")[0]?.split("\n").slice(2) ?? [];
		const named = rows.flatMap((row) =>
			[...(row.split("|")[2] ?? "").matchAll(/`(\w+)/g)].map(([, name = ""]) => name),
		);
		expect(named.length).toBeGreaterThan(30);
		expect(named.filter((name) => !(name in kit))).toEqual([]);
	});
});
