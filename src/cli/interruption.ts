import { EXIT } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** Aborted by the first Ctrl-C, termination or closed terminal; the second one leaves at once. */
export interface Interruption extends Disposable {
	readonly signal: AbortSignal;
}

/** A process that does not listen to one of them dies of it, maybe between a submission and its answer. */
const STOPPING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** `timeout` and npm pass on a signal that the process has had already; a person's second one takes longer. */
const ECHO_MS = 500;

/** Listens for Ctrl-C until it is disposed of. */
export function listenForInterruption(terminal: Terminal): Interruption {
	const controller = new AbortController();
	let stoppedAtMs = 0;
	const listener = (name: NodeJS.Signals) => {
		if (controller.signal.aborted) {
			if (performance.now() - stoppedAtMs < ECHO_MS) return;
			terminal.problem("reelay: left at once; reelay jobs shows what was submitted");
			process.exit(EXIT.interrupted);
		}
		const again = name === "SIGINT" ? "press Ctrl-C again to leave at once" : `another ${name} ends it at once`;
		const stopping = "stopping, once a submission under way is answered";
		terminal.note(terminal.json ? JSON.stringify({ stopping: { signal: name } }) : `reelay: ${stopping}; ${again}`);
		stoppedAtMs = performance.now();
		controller.abort();
	};
	for (const name of STOPPING) process.on(name, listener);
	return {
		signal: controller.signal,
		[Symbol.dispose]() {
			for (const name of STOPPING) process.off(name, listener);
		},
	};
}
