import type { ModelCapabilities, ProviderRequest } from "../provider/index.ts";

/**
 * What a request should cost by the list price, in US dollars; `undefined` when the price or the length is
 * not known. Where the price depends on a resolution that was not named, the dearest one counts.
 */
export function estimateCostUsd(
	request: ProviderRequest,
	capabilities: ModelCapabilities | undefined,
): number | undefined {
	const price = capabilities?.priceUsdPerSecond;
	const seconds = request.durationSeconds ?? capabilities?.defaultDurationSeconds;
	if (price === undefined || seconds === undefined) return undefined;
	if (typeof price === "number") return price * seconds;
	const asked = request.resolution?.toLowerCase();
	const [, named] = Object.entries(price).find(([name]) => name.toLowerCase() === asked) ?? [];
	const perSecond = named ?? Math.max(...Object.values(price));
	return Number.isFinite(perSecond) ? perSecond * seconds : undefined;
}
