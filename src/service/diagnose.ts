import { type Environment, readSettings, type Settings } from "../config/index.ts";
import { isVideoError } from "../errors/index.ts";
import type { ProviderCheck, VideoProvider, VideoTask } from "../provider/index.ts";
import { resolveChain } from "../routing/index.ts";
import { BUILTIN_PROVIDERS } from "./builtin-providers.ts";
import { environmentSource } from "./chain-sources.ts";
import { checkKnown } from "./check-known.ts";
import { ProviderRegistry } from "./provider-registry.ts";

/** How one provider stands. */
export interface ProviderDiagnosis extends ProviderCheck {
	readonly id: string;
}

/** Which models a task would go to. */
export interface ChainDiagnosis {
	readonly task: VideoTask;
	/** The references in order; empty when they cannot be read. */
	readonly models: readonly string[];
	/** What is wrong with what was configured. */
	readonly problem?: string;
}

/** What could be used now, and why not the rest. */
export interface Diagnosis {
	readonly settings: Settings;
	readonly providers: readonly ProviderDiagnosis[];
	readonly chains: readonly ChainDiagnosis[];
}

/** Looks at everything that a request would need. Sends nothing that costs. Throws on bad variables. */
export async function diagnose(environment: Environment, providers: readonly VideoProvider[] = []): Promise<Diagnosis> {
	const settings = readSettings(environment);
	const registry = new ProviderRegistry(settings);
	for (const provider of providers) registry.register(provider);
	try {
		const checked = await Promise.all(registry.ids.map((id) => checkProvider(id, registry)));
		const known = new Set(BUILTIN_PROVIDERS.map(({ id }) => id));
		const absent = Object.entries(settings.providers)
			.filter(([id, { credentials }]) => !known.has(id) && Object.keys(credentials).length > 0)
			.map(([id, { credentials }]) => ({
				id,
				usable: false,
				detail: `${Object.keys(credentials).join(", ")} is set, but this version has no provider "${id}"`,
			}));
		const tasks: readonly VideoTask[] = ["text-to-video", "image-to-video"];
		const chains = await Promise.all(tasks.map((task) => checkChain(task, settings, registry)));
		return { settings, providers: [...checked, ...absent], chains };
	} finally {
		await registry.close();
	}
}

async function checkProvider(id: string, registry: ProviderRegistry): Promise<ProviderDiagnosis> {
	try {
		const provider = await registry.get(id);
		return { id, ...((await provider.check?.()) ?? { usable: true, detail: "ready" }) };
	} catch (error) {
		return { id, usable: false, detail: isVideoError(error) ? error.message : "it could not be loaded" };
	}
}

async function checkChain(task: VideoTask, settings: Settings, registry: ProviderRegistry): Promise<ChainDiagnosis> {
	try {
		const chain = resolveChain([environmentSource(task, settings)], registry.automaticModel(task), registry.ids);
		for (const reference of chain) checkKnown(reference, await registry.get(reference.provider));
		return { task, models: chain.map(({ text }) => text) };
	} catch (error) {
		if (!isVideoError(error)) throw error;
		return { task, models: [], problem: error.message };
	}
}
