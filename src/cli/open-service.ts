import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { processEnvironment, readSettings } from "../config/index.ts";
import { ConfigurationError } from "../errors/index.ts";
import { createVideoService, type VideoProvider, type VideoService } from "../index.ts";

/** The service that every command uses: everything from the environment, the user's own providers included. */
export async function openService(): Promise<VideoService> {
	return createVideoService({ providers: await loadProviders() });
}

/** The providers of the modules in REELAY_PROVIDERS. Throws `ConfigurationError` that names the one at fault. */
export async function loadProviders(environment = processEnvironment()): Promise<readonly VideoProvider[]> {
	const { providerModules } = readSettings(environment);
	return (await Promise.all(providerModules.map(loadModule))).flat();
}

async function loadModule(name: string): Promise<readonly VideoProvider[]> {
	const isPath = /^[./\\]|^[A-Za-z]:[/\\]/.test(name);
	let module: unknown;
	try {
		module = await import(isPath ? pathToFileURL(resolve(name)).href : name);
	} catch (cause) {
		const problem = cause instanceof Error ? cause.message : String(cause);
		throw new ConfigurationError(`REELAY_PROVIDERS: "${name}" could not be loaded: ${problem}`, { cause });
	}
	const { provider, providers } = module as { readonly provider?: unknown; readonly providers?: unknown };
	const found = [...(Array.isArray(providers) ? providers : []), ...(provider === undefined ? [] : [provider])];
	if (found.length === 0 || !found.every(isProvider)) {
		throw new ConfigurationError(
			`REELAY_PROVIDERS: "${name}" exports no provider; export one as "provider", or several as "providers"`,
		);
	}
	return found;
}

function isProvider(value: unknown): value is VideoProvider {
	if (typeof value !== "object" || value === null) return false;
	const calls = ["model", "start", "status"] satisfies readonly (keyof VideoProvider)[];
	return "id" in value && "traits" in value && calls.every((name) => typeof Reflect.get(value, name) === "function");
}
