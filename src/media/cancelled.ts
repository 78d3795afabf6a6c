import { CancelledError } from "../errors/index.ts";

/** Throws `CancelledError` when the signal is aborted. Reading a file costs nothing, so nothing is billed. */
export function throwIfCancelled(signal: AbortSignal | undefined, phase: "input" | "media"): void {
	if (signal?.aborted === true) throw new CancelledError("cancelled while a file was read", { phase });
}
