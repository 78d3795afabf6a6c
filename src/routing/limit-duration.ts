import { UnsupportedOptionError } from "../errors/index.ts";
import type { ModelCapabilities, ProviderRequest } from "../provider/index.ts";
import { allowedUpTo, describeLimits, largestAllowed, nearestAllowed } from "./number-limits.ts";

/** A request and a model whose clips are no longer than the maximum. */
export interface LimitedRequest {
	readonly request: ProviderRequest;
	readonly model: ModelCapabilities | undefined;
	readonly warnings: readonly string[];
}

/**
 * Keeps the clips of a model to a maximum, in seconds: the lengths that it may be asked for, and the one that it
 * takes by itself. A request's own length is no longer than the maximum. Of a model without known lengths only the
 * usual one can be kept to it.
 *
 * Throws `UnsupportedOptionError` when all of the model's clips are longer.
 */
export function limitDuration(
	request: ProviderRequest,
	model: ModelCapabilities | undefined,
	reference: string,
	maxSeconds: number,
): LimitedRequest {
	if (model === undefined) return { request, model, warnings: [] };
	const usual = model.defaultDurationSeconds;
	const isFixed = model.options.durationSeconds === false;
	const limits = isFixed && usual !== undefined ? { values: [usual] } : model.durationSeconds;
	const allowed = limits === undefined ? undefined : allowedUpTo(maxSeconds, limits);
	if (limits !== undefined && allowed === undefined) {
		throw new UnsupportedOptionError(
			"durationSeconds",
			`${reference} takes ${describeLimits(limits)}, and MAX_VIDEO_DURATION allows ${maxSeconds}; ` +
				"raise it or choose another model",
			{ model: reference },
		);
	}
	const limited = allowed === undefined ? model : { ...model, durationSeconds: allowed };
	// Where nothing is known of a model, the usual length is taken to be within the maximum.
	const longest = usual ?? (limits === undefined ? maxSeconds : largestAllowed(limits));
	if (isFixed || request.durationSeconds !== undefined || longest <= maxSeconds) {
		return { request, model: limited, warnings: [] };
	}
	const durationSeconds = allowed === undefined ? maxSeconds : nearestAllowed(maxSeconds, allowed);
	const warning =
		usual === undefined
			? `durationSeconds: sent as ${durationSeconds}, as MAX_VIDEO_DURATION allows no more and the usual length of ` +
				`${reference} is not known`
			: `durationSeconds: MAX_VIDEO_DURATION shortened the usual length of ${reference} to ${durationSeconds} s`;
	return { request: { ...request, durationSeconds }, model: limited, warnings: [warning] };
}
