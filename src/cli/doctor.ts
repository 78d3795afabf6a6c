import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import {
	defaultOutputDirectory,
	inspectEnvironment,
	ledgerPath,
	misspelledVariables,
	processEnvironment,
	type VariableState,
} from "../config/index.ts";
import type { ServiceHealth } from "../index.ts";
import { type Diagnosis, diagnose } from "../service/index.ts";
import { EXIT } from "./exit-code.ts";
import { loadProviders, openService } from "./open-service.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { packageVersion } from "./version.ts";

/** Says what can be used now, and what is in the way of the rest. Exit code 3 when something set is wrong. */
export async function doctor(terminal: Terminal): Promise<number> {
	const environment = processEnvironment();
	const variables = inspectEnvironment(environment);
	const problems = variables.flatMap(({ problem }) => problem ?? []);
	const hints = misspelledVariables(environment);
	const diagnosis = problems.length > 0 ? undefined : await diagnose(environment, await loadProviders());
	const wrongChains = diagnosis?.chains.flatMap(({ problem }) => problem ?? []) ?? [];
	const health = diagnosis === undefined ? [] : await serviceHealth();
	const version = await packageVersion();
	const runtime = `Node ${process.version}, ${process.platform} ${process.arch}`;
	if (terminal.json) {
		const shown = variables.map(({ variable, ...state }) => ({ name: variable.name, ...state }));
		const { providers, chains } = diagnosis ?? {};
		terminal.result(JSON.stringify({ version, runtime, variables: shown, hints, providers, chains, health }));
	} else {
		terminal.result(`reelay ${version} on ${runtime}`);
		section(terminal, "Environment", variables.map(variableRow));
		if (diagnosis !== undefined) await printDiagnosis(diagnosis, terminal);
		section(terminal, "Health", health.map(healthRow));
	}
	for (const hint of hints) terminal.note(`hint: ${hint}`);
	for (const problem of [...problems, ...wrongChains]) terminal.problem(`problem: ${problem}`);
	return problems.length + wrongChains.length > 0 ? EXIT.notConfigured : EXIT.done;
}

async function printDiagnosis({ providers, chains, settings }: Diagnosis, terminal: Terminal): Promise<void> {
	section(
		terminal,
		"Providers",
		providers.map(({ id, usable, detail }) => [id, usable ? "usable" : "not usable", detail]),
	);
	section(
		terminal,
		"Models",
		chains.map(({ task, models }) => [task, models.join(", ") || "wrong, see below"]),
	);
	const folder = defaultOutputDirectory(settings);
	section(terminal, "Folders", [
		["results of the library", folder, (await isWritable(folder)) ? "writable" : "not writable"],
		settings.ledger === "memory"
			? ["ledger", "in memory", "jobs are forgotten when the process ends"]
			: ["ledger", ledgerPath(settings), (await isWritable(settings.stateDirectory)) ? "writable" : "not writable"],
	]);
}

/** Only what is known without asking anybody; nothing when the ledger cannot be read, which is said elsewhere. */
async function serviceHealth(): Promise<readonly ServiceHealth[]> {
	await using videos = await openService();
	return videos.health().catch(() => []);
}

function healthRow({ model, stages, quarantine, stats }: ServiceHealth): readonly string[] {
	const open = Object.entries(stages).find(([, { state }]) => state !== "closed");
	const last = Object.values(stages).find(({ lastError }) => lastError !== undefined)?.lastError;
	const state = quarantine?.message ?? (open === undefined ? "well" : `${open[0]}: ${open[1].state}`);
	const learned =
		stats?.medianMs === undefined ? "" : `usually ${(stats.medianMs / 1000).toFixed(1)} s (${stats.samples} jobs)`;
	const probe = open?.[1].nextProbeAtMs;
	return [
		model,
		state,
		learned,
		last === undefined ? "" : `last error: ${last.code}`,
		probe === undefined ? "" : `next try ${new Date(probe).toISOString()}`,
	];
}

function section(terminal: Terminal, title: string, rows: readonly (readonly string[])[]): void {
	if (rows.length === 0) return;
	terminal.result(`\n${title}`);
	terminal.result(table(rows.map((row) => ["", ...row])));
}

function variableRow({ variable, state, value }: VariableState): readonly string[] {
	const shown = variable.kind === "secret" ? "" : (value ?? "");
	return [variable.name, state, state === "unset" ? `default: ${variable.defaultText.replaceAll("`", "")}` : shown];
}

/** Whether a folder, or the nearest one above it that exists, can be written. */
async function isWritable(folder: string): Promise<boolean> {
	try {
		await access(folder, constants.W_OK);
		return true;
	} catch (error) {
		const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
		return isMissing && dirname(folder) !== folder ? isWritable(dirname(folder)) : false;
	}
}
