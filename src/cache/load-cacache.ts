/** cacache's functions. */
export type Cacache = typeof import("cacache");

/** Loads cacache, when something is first in the cache or is to go there. */
export async function loadCacache(): Promise<Cacache> {
	return (await import("cacache")).default;
}
