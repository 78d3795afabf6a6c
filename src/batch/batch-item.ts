import { InputError } from "../errors/index.ts";

/** One request of a batch, alone or with options of its own. */
export type BatchItem<Request, Options> =
	| Request
	| {
			/** What to make. */
			readonly request: Request;
			/** How to make it; each option that is given counts before the batch's. */
			readonly options?: Options | undefined;
	  };

/** What a batch needs to know of the options of a call. */
export interface CallOptions {
	/** A file or a folder; `{index}` in the file name is the item's place, from 1. */
	readonly output?: string | undefined;
	/** Whether an existing file may be replaced. */
	readonly overwrite?: boolean | undefined;
	/** Ends the wait. */
	readonly signal?: AbortSignal | undefined;
}

/** A request and the options that are its own. */
export interface SplitItem<Request, Options> {
	readonly request: Request;
	readonly options: Partial<Options>;
}

/**
 * Takes an item apart. Throws `InputError` when there is more in it than a request and its options, since
 * that would be dropped in silence.
 */
export function splitItem<Request, Options>(item: BatchItem<Request, Options>): SplitItem<Request, Options> {
	if (!isPair(item)) return { request: item as Request, options: {} };
	const { request, options = {}, ...rest } = item;
	const [stray] = Object.keys(rest);
	if (stray !== undefined) {
		throw new InputError(stray, 'stands beside "request" and "options"; put it into one of them');
	}
	if (typeof options !== "object" || options === null) throw new InputError("options", "must be an object");
	return { request, options };
}

function isPair<Request, Options>(
	item: BatchItem<Request, Options>,
): item is Exclude<BatchItem<Request, Options>, Request> {
	return typeof item === "object" && item !== null && "request" in item;
}
