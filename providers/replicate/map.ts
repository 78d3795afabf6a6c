import {
	asListed,
	type CancelOutcome,
	countedInFrames,
	inputWriter,
	type OperationStatus,
	type OptionStyle,
	type ProviderRequest,
	running,
	type StyleOverride,
	UnsupportedOptionError,
	USUAL_NAMES,
	type VideoAsset,
	type WriteOption,
} from "../../src/provider-kit/index.ts";
import { kindOf, reasonOf } from "./errors.ts";
import { CATALOGUE } from "./models.ts";
import { type Prediction, videosIn } from "./wire.ts";

const USUAL: OptionStyle = { names: USUAL_NAMES, values: { resolution: asListed(CATALOGUE.model) } };
const KLING_MODES: Readonly<Record<string, string>> = { "720p": "standard", "1080p": "pro", "4k": "4k" };
/** How families differ, by model. They serve newer members of a family too. */
const OVERRIDES: readonly (readonly [RegExp, StyleOverride])[] = [
	[/^google\/veo/, { names: { lastFrame: "last_frame" }, maxReferences: 3 }],
	[/^kwaivgi\/kling|^luma\/ray/, { names: { image: "start_image", lastFrame: "end_image" } }],
	[
		/^kwaivgi\/kling-v3/,
		{
			names: { resolution: "mode" },
			values: { resolution: (resolution) => KLING_MODES[resolution.toLowerCase()] ?? resolution },
			maxReferences: 7,
		},
	],
	[/^google\/veo-3\.1-lite/, { values: { durationSeconds: only(8, "at 1080p", isAt1080p) } }],
	[/^luma\/ray-3\.2/, { values: { durationSeconds: only(5, "from a picture", ({ image }) => image !== undefined) } }],
	[/^bytedance\/seedance-2/, { maxReferences: 9 }],
	[/^minimax\//, { names: { image: "first_frame_image" } }],
	[/^minimax\/hailuo-2\.3/, { values: { durationSeconds: only(6, "at 1080p", isAt1080p) } }],
	[/^wan-video\//, { names: { lastFrame: "last_image" } }],
	[/^wan-video\/wan-2\.2-\w+-fast/, countedInFrames({ min: 81, max: 121, fps: 16 })],
];

/**
 * Writes a length where a model that makes others too makes one only, beside what else is asked for. A longer one is
 * shortened; nobody is sold a longer one than was asked for.
 */
function only(
	seconds: number,
	where: string,
	applies: (request: ProviderRequest) => boolean,
): WriteOption<"durationSeconds"> {
	return (asked, { request, receiver, warn }) => {
		if (asked === seconds || !applies(request)) return asked;
		if (asked < seconds) {
			const problem = `${receiver} makes ${seconds} s only ${where}, not ${asked}`;
			throw new UnsupportedOptionError("durationSeconds", `${problem}; ask for ${seconds}, or change the other`);
		}
		warn(`durationSeconds: ${asked} became ${seconds}, as ${receiver} makes ${seconds} s only ${where}`);
		return seconds;
	};
}

function isAt1080p({ resolution }: ProviderRequest): boolean {
	return resolution?.toLowerCase() === "1080p";
}

/** The model's input for a request, as `inputWriter` of the kit writes it. */
export const toInput = inputWriter("providerOptions.replicate", USUAL, OVERRIDES);

/** What a prediction says of the operation. A word that is not known means that it still runs. */
export function toStatus({ status, output, error, logs, data_removed: isRemoved }: Prediction): OperationStatus {
	const told = reasonOf(error);
	const because = told === undefined ? "" : `: ${told}`;
	switch (status) {
		case "succeeded": {
			const [first, ...others] = videosIn(output).map((url): VideoAsset => ({ kind: "url", url }));
			if (first !== undefined) return { state: "succeeded", assets: [first, ...others] };
			const gone = "the output was deleted, as Replicate does an hour after the end";
			return isRemoved === true
				? { state: "failed", kind: "expired", reason: gone, billed: "yes" }
				: { state: "failed", kind: "internal", reason: "the output has no video in it", billed: "yes" };
		}
		case "failed": {
			const reason = told ?? "no reason was given";
			return { state: "failed", kind: kindOf(reason), reason, billed: "unknown" };
		}
		case "canceled":
		case "cancelled":
			return { state: "failed", kind: "cancelled", reason: `it was cancelled${because}`, billed: "unknown" };
		case "aborted": // Dropped before it ran, which is not charged.
			return { state: "failed", kind: "expired", reason: `it was dropped before it ran${because}`, billed: "no" };
		case "starting":
			return { state: "queued" };
		default:
			return running(logs);
	}
}

/** What came of a cancellation, from the prediction that answers it. */
export function toOutcome({ status }: Prediction): CancelOutcome {
	if (/^(?:cancell?ed|aborted)$/.test(status)) return "cancelled";
	return status === "succeeded" || status === "failed" ? "finished" : "requested";
}
