import { createEgressGuard, type EgressSettings } from "./egress-guard.ts";
import { fetchUrl } from "./fetch-url.ts";
import { DEFAULT_NETWORK_LIMITS, type NetworkLimits } from "./network-limits.ts";
import { SYSTEM_TIMING, type Timing } from "./timing.ts";
import { createTransport, type Transport } from "./transport.ts";

/** How results and images are fetched. */
export interface VideoNetworkSettings extends EgressSettings {
	/** Limits that differ from the defaults. */
	readonly limits?: Partial<NetworkLimits>;
	/** Time and chance, for tests. */
	readonly timing?: Timing;
}

/**
 * Fetches URLs that nobody configured, behind the egress guard. It has connections of its own: the guard
 * must see each address between look-up and connection, which no `fetch` that is handed in would show.
 */
export interface VideoNetwork extends Transport {
	/**
	 * The bytes behind an image input's URL, at most `maxBytes`. Throws `InputError` with that field when
	 * they cannot be had, `FileSizeError` when there are more, `CancelledError` when the signal is aborted.
	 */
	fetchUrl(field: string, url: string, maxBytes: number, signal: AbortSignal): Promise<Uint8Array>;
}

/** Makes the network of one service. Opens nothing until something is fetched. */
export function createVideoNetwork(settings: VideoNetworkSettings = {}): VideoNetwork {
	const limits = { ...DEFAULT_NETWORK_LIMITS, ...settings.limits };
	const transport = createTransport(createEgressGuard(settings), limits, settings.timing ?? SYSTEM_TIMING);
	return {
		...transport,
		fetchUrl: (field, url, maxBytes, signal) => fetchUrl(transport, { field, url, maxBytes, signal }),
	};
}
