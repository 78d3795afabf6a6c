import {
	asOneSize,
	type FailureKind,
	type InputImage,
	imageToDataUrl,
	type JsonObject,
	kindByWords,
	type OperationStatus,
	type OptionName,
	type OptionStyle,
	type ProviderRequest,
	sameOriginUrl,
	UnsupportedOptionError,
	USUAL_NAMES,
	urlsIn,
	type VideoAsset,
	withOwnFields,
	writeOptions,
} from "../../src/provider-kit/index.ts";
import { DIALECTS, type Dialect, type DialectRules, SECONDS } from "./dialects.ts";
import { failedStatus } from "./errors.ts";
import { familyOf } from "./models.ts";
import { type Formats, parseFormats, type Video } from "./wire.ts";

type Headers = Readonly<Record<string, string>>;

/** The rate that engines assume where none is given, in frames per second. */
const USUAL_FPS = 24;
/** Options that engines take, and the protocol does not know. */
const EXTENSIONS = ["negativePrompt", "fps", "seed", "numInferenceSteps", "guidanceScale"] as const;

/**
 * The body of a submission in a server's dialect. What was adjusted or left out is said in the warnings. Throws
 * `InputError` and `UnsupportedOptionError` for what cannot be sent.
 */
export function toBody(
	request: ProviderRequest,
	dialect: Dialect,
): { readonly body: JsonObject | FormData; readonly warnings: readonly string[] } {
	const { model, prompt, image, generateAudio, lastFrame, references = [] } = request;
	const rules = DIALECTS[dialect];
	const { secondsAs: _seconds, frameAs: _frame, ...own } = request.providerOptions;
	if (generateAudio === true && rules.sound === null) throw unsupported("generateAudio");
	if (lastFrame !== undefined) throw unsupported("lastFrame");
	if (references.length > 0) throw unsupported("references");
	const style = styleOf(model, rules, parseFormats(request.providerOptions));
	const { fields, warnings } = writeOptions(request, style);
	const beyond = EXTENSIONS.filter((option) => !rules.isEngine && request[option] !== undefined).map(
		(option) => `${option}: sent as ${style.names[option]}, which is not in the protocol; the server may ignore it`,
	);
	const body = withOwnFields({ model, prompt, ...fields }, own, "providerOptions.openai-videos");
	const isForm = rules.body === "form" || (rules.body === "either" && image !== undefined);
	return { body: isForm ? toForm(body, rules.image, image) : body, warnings: [...warnings, ...beyond] };
}

/** How a dialect wants the options, or the user says that the server does. */
function styleOf(model: string, rules: DialectRules, { secondsAs, frameAs }: Formats): OptionStyle {
	const { isEngine } = rules;
	const family = familyOf(model);
	const size = frameAs === "ratio" ? undefined : asOneSize(family);
	return {
		receiver: "the protocol",
		names: {
			...USUAL_NAMES,
			image: rules.image,
			durationSeconds: "seconds",
			generateAudio: rules.sound,
			...size?.names,
		},
		values: {
			...size?.values,
			// A form has it as a file.
			image: (image) => (rules.body === "json" ? imageToDataUrl(image) : ""),
			durationSeconds(seconds, { request, fields }) {
				const { fps = family.fps } = request;
				const rate = Math.max(1, Math.round(fps ?? USUAL_FPS));
				// Engines take whole seconds, or any number of frames.
				const isCounted = isEngine && secondsAs === undefined && !Number.isInteger(seconds);
				const isAssumed = fps !== undefined && !Object.hasOwn(request.providerOptions, "fps");
				// What the request itself asks for is written below.
				if (isEngine && request.fps === undefined && (isCounted || isAssumed)) fields["fps"] = rate;
				if (!isCounted) return SECONDS[secondsAs ?? rules.secondsAs](seconds);
				fields["num_frames"] = Math.max(1, Math.round(seconds * rate));
				return undefined;
			},
			fps(fps, { warn }) {
				const rate = isEngine ? Math.max(1, Math.round(fps)) : fps;
				if (rate !== fps) warn(`fps: ${fps} became ${rate}, as the server takes whole numbers`);
				return rate;
			},
			references: () => undefined,
		},
	};
}

/** Words that end a job without a video, beside `failed`, whose kind the error tells. */
const ENDED: readonly (readonly [RegExp, FailureKind])[] = [
	[/^(?:cancell?ed|deleted)$/, "cancelled"],
	[/^(?:expired|aborted|incomplete|requires_action)$/, "expired"],
];

/** What the server says of a job, in reelay's words. One that is not known means that it still runs. */
export function toStatus(video: Video, dialect: Dialect, content: URL, headers: Headers): OperationStatus {
	const { status } = video;
	if (status === "completed" || status === "succeeded") {
		return { state: "succeeded", assets: [toAsset(video, content, headers)] };
	}
	const kind = kindByWords([status], ENDED);
	if (status === "failed" || kind !== undefined) return failedStatus(video, kind, dialect);
	const state = status === "queued" ? "queued" : "running";
	const progress = (video.progress ?? 0) / 100;
	// Engines count from 0 to 100 in one step: nothing was measured, then.
	return progress > 0 && progress <= 1 ? { state, progress } : { state };
}

/** The file at the address that the server names, else at its own. The key goes to the server's origin only. */
function toAsset({ url, output }: Video, content: URL, headers: Headers): VideoAsset {
	const named = urlsIn([url, output])[0] ?? content.href;
	if (sameOriginUrl(named, content.href) === undefined) return { kind: "url", url: named };
	return { kind: "url", url: named, headers, credentialOrigins: [content.origin] };
}

function unsupported(option: OptionName): UnsupportedOptionError {
	const remedy = "leave it out, choose another model, or name the server's own field in providerOptions";
	return new UnsupportedOptionError(option, `the protocol /v1/videos has no field for it; ${remedy}`);
}

function toForm(fields: JsonObject, imageField: string, image: InputImage | undefined): FormData {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) {
		form.append(name, typeof value === "string" ? value : JSON.stringify(value));
	}
	if (image !== undefined) {
		const { data, mediaType } = image;
		form.set(imageField, new Blob([new Uint8Array(data)], { type: mediaType }), mediaType.replace("/", "."));
	}
	return form;
}
