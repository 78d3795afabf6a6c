import { EXIT } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** Aborted by the first Ctrl-C or termination; the second one leaves at once. */
export interface Interruption extends Disposable {
	readonly signal: AbortSignal;
}

/** Listens for Ctrl-C until it is disposed of. */
export function listenForInterruption(terminal: Terminal): Interruption {
	const controller = new AbortController();
	const listener = (name: NodeJS.Signals) => {
		if (controller.signal.aborted) {
			terminal.problem("reelay: left at once; reelay jobs shows what was submitted");
			process.exit(EXIT.interrupted);
		}
		const again = name === "SIGINT" ? "press Ctrl-C again to leave at once" : `another ${name} ends it at once`;
		const stopping = "stopping, once a submission under way is answered";
		terminal.note(terminal.json ? JSON.stringify({ stopping: { signal: name } }) : `reelay: ${stopping}; ${again}`);
		controller.abort();
	};
	process.on("SIGINT", listener);
	process.on("SIGTERM", listener);
	return {
		signal: controller.signal,
		[Symbol.dispose]() {
			process.off("SIGINT", listener);
			process.off("SIGTERM", listener);
		},
	};
}
