import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import { createScriptedService, faults, type ScriptedService } from "../../src/testing/index.ts";
import { type Run, type RunOptions, runReelay } from "../support/command-line.ts";
import { runOnTerminal, type TerminalRun } from "../support/pseudo-terminal.ts";
import { temporaryFolder } from "../support/service.ts";

const KEY = "studio-key-0123456789";
const SOURCES = pathToFileURL(resolve("test/support/resolve-sources.ts")).href;

/** A service, a folder, and the command line with a provider for it from a module of the user's. */
export interface Studio {
	readonly service: ScriptedService;
	readonly cwd: string;
	readonly state: string;
	readonly env: Readonly<Record<string, string>>;
	readonly run: (args: readonly string[], more?: Partial<RunOptions>) => Promise<Run>;
	readonly generate: (...args: readonly string[]) => Promise<Run>;
	/** The same on a terminal of 80 columns, without what differs from run to run. */
	readonly onTerminal: (
		args: readonly string[],
		more?: Partial<Parameters<typeof runOnTerminal>[1]>,
	) => Promise<TerminalRun>;
	readonly normalise: (text: string) => string;
}

/** Opens one that ends with the test; with another key than the service's, it is refused. */
export async function studio(key = KEY): Promise<Studio> {
	const service = await createScriptedService({ apiKey: KEY });
	onTestFinished(() => service.close());
	const cwd = await temporaryFolder();
	const state = await temporaryFolder();
	const env = {
		NODE_OPTIONS: `--import ${SOURCES}`,
		REELAY_LEDGER: "sqlite",
		REELAY_STATE_DIRECTORY: state,
		REELAY_ALLOW_PRIVATE_NETWORK: "1",
		REELAY_PROVIDERS: resolve("examples/studio-from-environment.ts"),
		STUDIO_BASE_URL: service.baseUrl,
		STUDIO_API_KEY: key,
	};
	const normalise = (text: string) => withoutChance(text, { [cwd]: "/home/you", [state]: "/state" });
	const run: Studio["run"] = (args, more = {}) => runReelay(args, { cwd, ...more, env });
	return {
		service,
		cwd,
		state,
		env,
		run,
		generate: (...args) => run(["generate", "a kite", "--model", "studio:one", ...args]),
		onTerminal: (args, more = {}) => runOnTerminal(args, { cwd, env, normalise, ...more }),
		normalise,
	};
}

/** Looks never end by themselves; the function it returns lets them. */
export function keepRunning(service: ScriptedService): () => void {
	service.every("look", faults.show({ state: "running", progress: 0.5 }));
	return () => service.every("look", undefined);
}

/** The services of these tests are on this machine, which is warned of; when it is printed is left to chance. */
export const PRIVATE_NETWORK = /^warning: result and image URLs may lead to private addresses\r?\n/m;

/** A text in which ids, times, addresses and folders are always the same. */
export function withoutChance(text: string, folders: Readonly<Record<string, string>>): string {
	let same = text;
	for (const [folder, name] of Object.entries(folders)) same = same.replaceAll(folder, name);
	return same
		.replace(PRIVATE_NETWORK, "")
		.replaceAll(/job_[0-9a-z]{25}/g, `job_${"0".repeat(25)}`)
		.replaceAll(/rl1\.[\w-]+/g, "rl1.token")
		.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2026-11-21T08:00:00.000Z")
		.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "2026-11-21 08:00")
		.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:8080")
		.replaceAll(/(made in |(?:done|failed|before\)), )\d+\.\d s\b/g, "$11.2 s")
		.replaceAll(/\b\d:\d\d\b/g, "0:01")
		.replaceAll(/~9\d %/g, "~99 %")
		.replaceAll(/"remainingMs":\d+/g, '"remainingMs":1000')
		.replaceAll(/"bytesPerSecond":\d+/g, '"bytesPerSecond":3400000')
		.replaceAll(/\d+\.\d (kB|MB)\/s/g, "3.4 MB/s");
}
