import { didYouMean } from "../config/index.ts";
import { InputError } from "../errors/index.ts";
import type { ProviderRegistry } from "./provider-registry.ts";
import type { ModelFilter, ModelInfo } from "./video-service.ts";

/** The models that the registered providers list, in the providers' own order. */
export async function listModels(
	registry: ProviderRegistry,
	filter: ModelFilter,
	nowMs: number,
): Promise<readonly ModelInfo[]> {
	if (filter.provider !== undefined && !registry.ids.includes(filter.provider)) {
		const nearest = didYouMean(filter.provider, registry.ids);
		throw new InputError(
			"provider",
			`there is no "${filter.provider}".${nearest} Providers: ${registry.ids.join(", ")}`,
		);
	}
	const models: ModelInfo[] = [];
	for (const id of registry.ids) {
		if (filter.provider !== undefined && filter.provider !== id) continue;
		const provider = await registry.get(id);
		for (const capabilities of provider.models?.() ?? []) {
			if (filter.task !== undefined && !capabilities.tasks.includes(filter.task)) continue;
			const { retiresOn } = capabilities;
			models.push({
				...capabilities,
				reference: `${id}:${capabilities.id}`,
				provider: id,
				isRetired: retiresOn !== undefined && Date.parse(retiresOn) <= nowMs,
				billing: provider.traits.billing,
			});
		}
	}
	return models;
}
