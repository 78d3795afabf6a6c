import type { Dispatcher } from "undici";
import { ProviderError } from "../errors/index.ts";

const MISDIRECTED = 421;

/**
 * Lets one request of a `fetch` out. The fetch standard repeats a request that is answered 421, on another
 * connection; here the repetition gets that answer again, without its body, and nothing is sent.
 */
export class SendOnce {
	/** Whether a request was handed to the client. */
	hasSent = false;
	#answer: { readonly status: number; readonly statusText: string | undefined } | undefined;

	/** For `compose` of a dispatcher. */
	readonly interceptor: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
		if (this.hasSent) return this.#answerAgain(handler);
		this.hasSent = true;
		return dispatch(options, this.#listening(handler));
	};

	#listening(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
		const listening: Dispatcher.DispatchHandler = Object.create(handler);
		listening.onResponseStart = (controller, status, headers, statusText) => {
			this.#answer = { status, statusText };
			handler.onResponseStart?.call(listening, controller, status, headers, statusText);
		};
		return listening;
	}

	#answerAgain(handler: Dispatcher.DispatchHandler): boolean {
		if (this.#answer?.status !== MISDIRECTED) {
			throw new ProviderError("a submission is sent once; the HTTP client tried to send it again", {
				phase: "submit",
				billed: "unknown",
			});
		}
		const { status, statusText } = this.#answer;
		handler.onRequestStart?.(IDLE, {});
		handler.onResponseStart?.(IDLE, status, {}, statusText);
		handler.onResponseEnd?.(IDLE, {});
		return true;
	}
}

/** Controls a request that is over before it began. */
const IDLE: Dispatcher.DispatchController = {
	aborted: false,
	paused: false,
	reason: null,
	rawHeaders: [],
	rawTrailers: [],
	abort() {},
	pause() {},
	resume() {},
};
