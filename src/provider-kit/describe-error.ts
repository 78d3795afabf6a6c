import { isVideoError } from "../errors/index.ts";

const DEEPEST_CAUSE = 4;

/**
 * The words of an error and of its causes, since "fetch failed" alone says little. Secrets may still be in them:
 * see `readable`.
 */
export function describeError(error: unknown, depth = 0): string {
	if (!(error instanceof Error)) return String(error);
	const { message } = error;
	if (isVideoError(error)) return message;
	// A host with several addresses gives one error for each.
	const cause: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
	const below = cause instanceof Error && depth < DEEPEST_CAUSE ? describeError(cause, depth + 1) : "";
	if (message === "") return below === "" ? error.name : below;
	return message.includes(below) ? message : `${message}: ${below}`;
}
