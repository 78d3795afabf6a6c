import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { capabilitiesOf, MODEL_IDS } from "../../providers/google/models.ts";
import { INFERENCE_PROVIDER_IDS } from "../../providers/huggingface/inference-providers.ts";
import { buildCommands } from "../../src/cli/commands.ts";
import { EXIT } from "../../src/cli/exit-code.ts";
import { ENVIRONMENT } from "../../src/config/index.ts";
import * as container from "../../src/container/index.ts";
import { PARTS } from "../../src/container/tokens.ts";
import type { VideoError } from "../../src/errors/index.ts";
import type { JobEnd } from "../../src/operations/job-state.ts";
import type { ProviderTraits } from "../../src/provider/index.ts";
import { BUILTIN_PROVIDERS } from "../../src/service/builtin-providers.ts";
import { EVENT_NAMES } from "../../src/telemetry/event-names.ts";
import { METRICS } from "../../src/telemetry/metrics.ts";
import * as testing from "../../src/testing/index.ts";
import { type Checker, type Page, pageAt } from "./page.ts";

/** A table whose first column lists something that the code knows. */
interface ListedTable {
	readonly page: string;
	/** Its first row, as it is written. */
	readonly header: string;
	/** What it must list: all of it, and nothing else. */
	readonly names: readonly string[];
}

const ENDS: { readonly [State in JobEnd]: true } = {
	succeeded: true,
	failed: true,
	cancelled: true,
	submit_unknown: true,
};
const ERROR_FIELDS: { readonly [Field in Exclude<keyof VideoError, keyof Error | "addContext" | "toJSON">]-?: true } = {
	...{ code: true, phase: true, retryable: true, billed: true, token: true, attempts: true, provider: true },
	...{ model: true, jobId: true, requestId: true, retryAfterMs: true },
};
const TRAITS: { readonly [Trait in keyof ProviderTraits]: true } = {
	...{ idempotency: true, lookup: true, cancel: true, billing: true, runsIn: true, modelIds: true },
};

/** Every table that lists code has all of it, and nothing that is not there. */
export const checkLists: Checker = (pages) =>
	listedTables().flatMap(({ page, header, names }) => {
		const rows = rowsBelow(pageAt(pages, page), header);
		if (rows === undefined) return [`${page}: there is no table "${header}"`];
		const listed = new Set(rows.flatMap(namesOf));
		return [
			...names.filter((name) => !listed.has(name)).map((name) => `${page}: the table "${header}" lacks \`${name}\``),
			...[...listed]
				.filter((name) => !names.includes(name))
				.map((name) => `${page}: the table "${header}" has \`${name}\`, which does not exist`),
		];
	});

/** Every error has its section in `docs/errors.md`, which begins with its class, and every section its error. */
export const checkErrorSections: Checker = (pages) => {
	const codes = new Map(errorClasses().flatMap(({ name, code }) => (code === undefined ? [] : [[code, name]])));
	const { prose, path } = pageAt(pages, "docs/errors.md");
	const sections = new Map(
		[...prose.matchAll(/^## `([a-z_]+)`\s+(?:`(\w+)`)?/gm)].map(([, code = "", name]) => [code, name]),
	);
	return [
		...[...codes]
			.filter(([code, name]) => sections.get(code) !== name)
			.map(([code, name]) => `${path} has no section \`${code}\` that begins with \`${name}\``),
		...[...sections.keys()]
			.filter((section) => !codes.has(section))
			.map((section) => `${path} explains \`${section}\`, which does not exist`),
	];
};

/** Every class of errors that a page names is ours, or JavaScript's. */
export const checkErrorNames: Checker = (pages) => {
	const known = new Set(errorClasses().map(({ name }) => name));
	return pages.flatMap(({ path, prose }) =>
		[...new Set(prose.match(/\b[A-Z][A-Za-z]*Error\b/g))]
			.filter((name) => !known.has(name) && !(name in globalThis))
			.map((name) => `${path}: there is no ${name}`),
	);
};

function errorClasses() {
	return globSync("src/errors/*-error.ts").map((file) => {
		const source = readFileSync(file, "utf8");
		const [, name = ""] = /^export (?:abstract )?class (\w+)/m.exec(source) ?? [];
		const [, code] = /override readonly code = "([a-z_]+)"/.exec(source) ?? [];
		return { name, code };
	});
}

/** Every provider of the README has the variables that it is used with. */
export const checkProviderVariables: Checker = (pages) => {
	const rows = rowsBelow(pageAt(pages, "README.md"), PROVIDER_TABLE) ?? [];
	return BUILTIN_PROVIDERS.flatMap(({ id, credentials }) => {
		const row = rows.find((candidate) => namesOf(candidate).includes(id)) ?? "";
		return credentials
			.filter((name) => !row.includes(`\`${name}\``))
			.map((name) => `README.md: the row of \`${id}\` lacks \`${name}\``);
	});
};

/** Every name in capitals is a variable that somebody reads, or a constant that can be imported. */
export const checkVariables: Checker = (pages) => {
	const examples = globSync("examples/*.ts").map((file) => readFileSync(file, "utf8"));
	const known = new Set([
		...ENVIRONMENT.map(({ name }) => name),
		...examples.flatMap((code) => [...code.matchAll(/process\.env\["(\w+)"\]/g)].map(([, name = ""]) => name)),
		...Object.keys(container),
		...Object.keys(testing),
		...FOREIGN_NAMES,
	]);
	return pages.flatMap(({ path, text }) =>
		[...new Set(text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g))]
			.filter((name) => !known.has(name))
			.map((name) => `${path}: nobody reads ${name}`),
	);
};

/** Names in capitals that are other programs', or made up by a sample. */
const FOREIGN_NAMES: readonly string[] = [
	...["CUDA_VISIBLE_DEVICES", "GOOGLE_APPLICATION_CREDENTIALS"],
	...["PAID_SERVICE", "STUDIO_KEY", "STUDIO_SERVERS", "STUDIO_URL"],
];
const PROVIDER_TABLE = "| provider | variable | what |";

function listedTables(): readonly ListedTable[] {
	const commands = buildCommands("", async () => undefined).commands.map((command) => command.name());
	return [
		{ page: "README.md", header: PROVIDER_TABLE, names: BUILTIN_PROVIDERS.map(({ id }) => id) },
		{ page: "docs/command-line.md", header: "| command | what it does |", names: commands },
		{ page: "docs/command-line.md", header: "| exit code | |", names: Object.values(EXIT).map(String) },
		{
			page: "docs/observability.md",
			header: "| event | when | holds beside `jobId` |",
			names: EVENT_NAMES,
		},
		{
			page: "docs/observability.md",
			header: "| Prometheus | OpenTelemetry | labels |",
			names: Object.values(METRICS).map(({ prometheus }) => prometheus),
		},
		{
			page: "docs/dependency-injection.md",
			header: "| token | part |",
			names: Object.keys(PARTS).map((option) => option.replace(/[A-Z]/g, "_$&").toUpperCase()),
		},
		{ page: "docs/jobs.md", header: "| state | billed | what to do |", names: Object.keys(ENDS) },
		{ page: "docs/errors.md", header: "| field | meaning |", names: [...Object.keys(ERROR_FIELDS), "cause"] },
		{ page: "docs/writing-a-provider.md", header: "| trait | claim it when |", names: Object.keys(TRAITS) },
		{
			page: "docs/huggingface.md",
			header: "| inference provider | text to video | image to video | its own key |",
			names: INFERENCE_PROVIDER_IDS,
		},
		{
			page: "docs/google.md",
			header: "| model | where | seconds | resolutions | sound |",
			names: MODEL_IDS.filter((id) => capabilitiesOf(id, undefined)?.retiresOn === undefined),
		},
		{ page: "docs/architecture.md", header: "| folder | what |", names: sourceFolders() },
	];
}

function sourceFolders(): readonly string[] {
	return ["providers/<id>", ...globSync("src/*/").map((folder) => `src/${basename(folder)}`)];
}

/** The rows of the table with that first row; `undefined` when there is none. */
function rowsBelow({ prose }: Page, header: string): readonly string[] | undefined {
	const lines = prose.split("\n");
	const first = lines.indexOf(header);
	if (first === -1) return undefined;
	const end = lines.findIndex((line, index) => index > first && !line.startsWith("|"));
	return lines.slice(first + 2, end === -1 ? lines.length : end);
}

/** What the first cell of a row names: each piece of code in it, or else its text. */
function namesOf(row: string): readonly string[] {
	const [, cell = ""] = row.split(/(?<!\\)\|/);
	const code = [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
	return (code.length === 0 ? [cell.trim()] : code).filter((text) => !text.startsWith('"')).map(nameOf);
}

/** `reelay status <job>` → status, `billing: "free"` → billing. */
function nameOf(code: string): string {
	return code.replace(/^reelay /, "").replace(/(?:: ".*| .*)$/, "");
}
