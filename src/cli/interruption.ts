import { EXIT } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** Aborted by the first Ctrl-C or termination; the second one leaves at once. */
export interface Interruption extends Disposable {
	readonly signal: AbortSignal;
}

/** Listens for Ctrl-C until it is disposed of. */
export function listenForInterruption(terminal: Terminal): Interruption {
	const controller = new AbortController();
	const listener = () => {
		if (controller.signal.aborted) {
			terminal.problem("reelay: left at once; reelay jobs shows what was submitted");
			process.exit(EXIT.interrupted);
		}
		terminal.note("reelay: stopping, once a submission under way is answered; press Ctrl-C again to leave at once");
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
