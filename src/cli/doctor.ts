import { inspectEnvironment, misspelledVariables, processEnvironment, type VariableState } from "../config/index.ts";
import { redact } from "../errors/index.ts";
import type { ServiceHealth } from "../index.ts";
import { type Diagnosis, diagnose } from "../service/index.ts";
import { folderRows, folderStates } from "./doctor-folders.ts";
import { healthRows } from "./doctor-health.ts";
import { EXIT } from "./exit-code.ts";
import { loadProviders, openService } from "./open-service.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { packageVersion } from "./version.ts";

type Row = readonly string[];

/**
 * Says what can be used now, and what is in the way of the rest. Exit code 3 when something that is set is
 * wrong, or when no job could be recorded.
 */
export async function doctor(terminal: Terminal): Promise<number> {
	const environment = processEnvironment();
	const variables = inspectEnvironment(environment);
	const hints = misspelledVariables(environment);
	// One wrong variable is no reason to say nothing of the rest.
	const wrong = variables.flatMap(({ variable, state }) => (state === "wrong" ? variable.name : []));
	const readable = Object.fromEntries(Object.entries(environment).filter(([name]) => !wrong.includes(name)));
	const { settings, providers, chains } = await diagnose(readable, await loadProviders(readable));
	const folders = await folderStates(settings);
	const problems = [...variables, ...chains, ...folders].flatMap(({ problem }) => problem ?? []);
	const health = wrong.length > 0 ? [] : await serviceHealth();
	const version = await packageVersion();
	const runtime = `Node ${process.version}, ${process.platform} ${process.arch}`;
	if (terminal.json) {
		const shown = variables.map(({ variable, ...state }) => ({ name: variable.name, ...state }));
		const found = { version, runtime, variables: shown, hints, providers, chains, folders, health };
		terminal.result(JSON.stringify(found, (_name, value) => (typeof value === "string" ? redact(value) : value)));
	} else {
		const now = Date.now();
		terminal.result(`reelay ${version} on ${runtime}`);
		section(terminal, "Environment", variables.map(variableRow));
		section(terminal, "Providers", providers.map(providerRow));
		section(
			terminal,
			"Models",
			chains.map((chain) => chainRow(chain, providers)),
		);
		section(terminal, "Folders", folders.flatMap(folderRows));
		section(terminal, "Health of models used lately", healthRows(health, now));
	}
	for (const hint of hints) terminal.note(`hint: ${hint}`);
	for (const problem of problems) terminal.problem(`problem: ${problem}`);
	return problems.length > 0 ? EXIT.notConfigured : EXIT.done;
}

/** Only what is known without asking anybody; nothing when the ledger cannot be read, which is said elsewhere. */
async function serviceHealth(): Promise<readonly ServiceHealth[]> {
	await using videos = await openService();
	return videos.health().catch(() => []);
}

function section(terminal: Terminal, title: string, rows: readonly Row[]): void {
	if (rows.length === 0) return;
	terminal.result(`\n${title}`);
	terminal.result(
		table(
			// A key in the wrong variable is shown like any value.
			rows.map((row) => ["", ...row.map(redact)]),
			terminal.columns,
		),
	);
}

function variableRow({ variable, state, value }: VariableState): Row {
	const shown = variable.kind === "secret" ? "" : (value ?? "");
	return [variable.name, state, state === "unset" ? `default: ${variable.defaultText.replaceAll("`", "")}` : shown];
}

function providerRow({ id, usable, detail }: Diagnosis["providers"][number]): Row {
	return [id, usable ? "usable" : "not usable", detail];
}

/** The models in order; behind one that cannot be used now, why. The remedy is among the providers. */
function chainRow({ task, models }: Diagnosis["chains"][number], providers: Diagnosis["providers"]): Row {
	const shown = models.map((model) => {
		const provider = providers.find(({ id }) => model.startsWith(`${id}:`));
		return provider === undefined || provider.usable ? model : `${model} (${provider.detail.split(";")[0]})`;
	});
	return [task, shown.join(", ") || "wrong, see below"];
}
