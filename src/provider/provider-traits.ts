/**
 * What a service promises about paying twice and about finding a lost submission. The core decides
 * by these whether anything may be sent again; a trait that claims too much costs users money.
 */
export interface ProviderTraits {
	/**
	 * What the service does with a repeated idempotency key. `"replay"`: answers with the first
	 * submission's operation. `"reject"`: refuses the second. `"none"`: generates, and bills, again.
	 */
	readonly idempotency: "replay" | "reject" | "none";
	/** How a lost operation can be found: by an id we chose, in a listing, or not at all. */
	readonly lookup: "client-id" | "list" | "none";
	/**
	 * What `cancel` achieves. `"remote"`: the generation stops. `"best-effort"`: it may still finish
	 * and be billed. `"none"`: there is no such call.
	 */
	readonly cancel: "remote" | "best-effort" | "none";
	/** `"paid"`: an accepted submission costs money. `"free"`: it never does. */
	readonly billing: "paid" | "free";
	/**
	 * Where the generation lives. `"service"`: elsewhere, and it outlives this process. `"process"`:
	 * inside this process, so an abort ends it and no other process can resume it.
	 */
	readonly runsIn: "service" | "process";
	/**
	 * `"closed"`: `models()` lists every id there is, so another one is refused before anything is sent.
	 * `"open"`: the service may know more; an unknown id is passed through with a warning.
	 */
	readonly modelIds: "closed" | "open";
}
