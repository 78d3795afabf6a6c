import type { Settings } from "../config/index.ts";
import { ConfigurationError } from "../errors/index.ts";
import type { VideoProvider, VideoTask } from "../provider/index.ts";
import type { ModelReference } from "../routing/index.ts";
import { BUILTIN_PROVIDERS, type BuiltinProvider } from "./builtin-providers.ts";

const ID_PATTERN = /^[a-z][a-z0-9-]{0,31}$/;

/** The providers by id: those that were registered, then the built-in ones, loaded when first used. */
export class ProviderRegistry {
	readonly #settings: Settings;
	readonly #registered = new Map<string, VideoProvider>();
	readonly #loaded = new Map<string, Promise<VideoProvider>>();

	constructor(settings: Settings) {
		this.#settings = settings;
	}

	/** Every id that a reference may start with. */
	get ids(): readonly string[] {
		return [...new Set([...this.#registered.keys(), ...BUILTIN_PROVIDERS.map(({ id }) => id)])];
	}

	/** Adds a provider, or replaces the one with that id. Throws `ConfigurationError` on an unusable id. */
	register(provider: VideoProvider): void {
		const calls = ["model", "start", "status"] satisfies readonly (keyof VideoProvider)[];
		if (
			typeof provider !== "object" ||
			provider === null ||
			calls.some((call) => typeof provider[call] !== "function")
		) {
			throw new ConfigurationError(
				`providers: a provider is an object with ${calls.join(", ")}; make one with defineProvider, or see its docs`,
			);
		}
		if (!ID_PATTERN.test(provider.id)) {
			throw new ConfigurationError(
				`provider.id: "${provider.id}" cannot prefix a model; use lower-case letters, digits and "-", at most 32`,
			);
		}
		this.#registered.set(provider.id, provider);
	}

	/**
	 * What tells providers of one id apart beside their account: where they are called, and whether they are
	 * the built-in ones. No secret.
	 */
	endpointOf(id: string): string | undefined {
		if (this.#registered.has(id)) return "registered";
		const { baseUrl, variables = {} } = this.#settings.providers[id] ?? {};
		if (baseUrl === undefined && Object.keys(variables).length === 0) return undefined;
		return JSON.stringify([baseUrl, Object.entries(variables).sort()]);
	}

	/** The provider with that id. Throws `ConfigurationError` when there is none. */
	async get(id: string): Promise<VideoProvider> {
		const registered = this.#registered.get(id);
		if (registered !== undefined) return registered;
		const builtin = BUILTIN_PROVIDERS.find((candidate) => candidate.id === id);
		if (builtin === undefined) throw new ConfigurationError(`there is no provider "${id}"; add it with register()`);
		const loading = this.#loaded.get(id) ?? this.#load(builtin);
		this.#loaded.set(id, loading);
		return loading;
	}

	/** The model for a task when the user names none: of the first built-in provider that has a key. */
	automaticModel(task: VideoTask): ModelReference & { readonly isEmbedded: boolean } {
		for (const { id, credentials, defaultModels } of BUILTIN_PROVIDERS) {
			const model = defaultModels[task];
			const known = this.#settings.providers[id]?.credentials ?? {};
			const isReady = credentials.length === 0 || credentials.some((name) => known[name] !== undefined);
			if (model === undefined || !isReady) continue;
			return {
				provider: id,
				model,
				text: `${id}:${model}`,
				isEmbedded: credentials.length === 0 && !this.#registered.has(id),
			};
		}
		throw new ConfigurationError(`no model is configured for ${task}; name one with the option model`);
	}

	/** Closes every provider that was used. */
	async close(): Promise<void> {
		const loaded = await Promise.allSettled(this.#loaded.values());
		const used = loaded.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
		await Promise.allSettled([...used, ...this.#registered.values()].map((provider) => provider.close?.()));
	}

	async #load({ id, load }: BuiltinProvider): Promise<VideoProvider> {
		const create = await load();
		return create(this.#settings.providers[id] ?? { credentials: {}, variables: {} });
	}
}
