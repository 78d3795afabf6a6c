import { createHook } from "node:async_hooks";

interface Connect {
	readonly address?: string;
	readonly port?: number;
}

/**
 * Notes every connect() that this process asks the system for, whoever asks: the moment after the look-up
 * and before the first packet. What a client believes about its connections does not count.
 */
export class ConnectCounter {
	readonly #connects: Connect[] = [];
	readonly #hook = createHook({
		init: (_id, type, _trigger, resource) => {
			if (type === "TCPCONNECTWRAP") this.#connects.push(resource as Connect);
		},
	});

	constructor() {
		this.#hook.enable();
	}

	/** Where connections went so far, as `address:port`. */
	get targets(): readonly string[] {
		return this.#connects.map(({ address, port }) => `${address}:${port}`);
	}

	stop(): void {
		this.#hook.disable();
	}
}
