import {
	aspectRatioOf,
	type FailureKind,
	frameSize,
	type GenerationOptions,
	type InputImage,
	imageToDataUrl,
	type JsonObject,
	type JsonValue,
	kindByWords,
	type OperationStatus,
	type OptionDraft,
	type OptionStyle,
	type ProviderRequest,
	parseExactSize,
	sameOriginUrl,
	UnsupportedOptionError,
	urlsIn,
	type VideoAsset,
	withOwnFields,
	writeOptions,
} from "../../src/provider-kit/index.ts";
import { DIALECTS, type Dialect, type DialectRules, type SecondsFormat } from "./dialects.ts";
import { failedStatus } from "./errors.ts";
import { familyOf } from "./models.ts";
import { type OwnOptions, parseProviderOptions, type Video } from "./wire.ts";

type Headers = Readonly<Record<string, string>>;

/** The rate that engines assume where none is given, in frames per second. */
const USUAL_FPS = 24;

const SECONDS: { readonly [Format in SecondsFormat]: (seconds: number) => JsonValue } = {
	text: (seconds) => String(seconds),
	number: (seconds) => seconds,
	suffixed: (seconds) => `${seconds}s`,
};

/**
 * The body of a submission in a server's dialect. What was adjusted or left out is said in the warnings. Throws
 * `InputError` and `UnsupportedOptionError` for what cannot be sent.
 */
export function toBody(
	request: ProviderRequest,
	dialect: Dialect,
): { readonly body: JsonObject | FormData; readonly warnings: readonly string[] } {
	const { model, prompt, image, generateAudio } = request;
	const rules = DIALECTS[dialect];
	const own = parseProviderOptions(request.providerOptions);
	if (generateAudio === true && rules.sound === null) throw unsupported("generateAudio");
	const { fields, warnings } = writeOptions(request, styleOf(rules, own));
	const body = withOwnFields({ model, prompt, ...fields }, own.fields, "providerOptions.openai-videos");
	const isForm = rules.body === "form" || (rules.body === "either" && image !== undefined);
	return { body: isForm ? toForm(body, rules.image, image) : body, warnings };
}

/** How a dialect, and what the user says of the server, want the options. */
function styleOf(rules: DialectRules, { secondsAs, frameAs, fields: own }: OwnOptions): OptionStyle {
	const { isEngine } = rules;
	const beyond =
		(option: keyof GenerationOptions, field: string) =>
		<Value extends JsonValue>(value: Value, { warn }: OptionDraft): Value => {
			if (!isEngine) warn(`${option}: sent as ${field}, which is not in the protocol; the server may ignore it`);
			return value;
		};
	return {
		receiver: "the protocol",
		names: {
			image: rules.image,
			negativePrompt: "negative_prompt",
			durationSeconds: "seconds",
			fps: "fps",
			resolution: frameAs === "ratio" ? "resolution" : "size",
			aspectRatio: frameAs === "ratio" ? "aspect_ratio" : "size",
			quality: null,
			seed: "seed",
			numInferenceSteps: "num_inference_steps",
			guidanceScale: "guidance_scale",
			generateAudio: rules.sound,
			lastFrame: "last_frame",
			references: "references",
		},
		values: {
			// A form has it as a file.
			image: (image) => (rules.body === "json" ? imageToDataUrl(image) : ""),
			negativePrompt: beyond("negativePrompt", "negative_prompt"),
			durationSeconds(seconds, { request, fields }) {
				const { fps = familyOf(request.model).fps } = request;
				const rate = Math.max(1, Math.round(fps ?? USUAL_FPS));
				// Engines take whole seconds, or any number of frames.
				if (isEngine && secondsAs === undefined && !Number.isInteger(seconds)) {
					Object.assign(fields, { num_frames: Math.max(1, Math.round(seconds * rate)), fps: rate });
					return undefined;
				}
				if (isEngine && fps !== undefined && !Object.hasOwn(own, "fps")) fields["fps"] = rate;
				return SECONDS[secondsAs ?? rules.secondsAs](seconds);
			},
			fps(fps, draft) {
				const rate = isEngine ? Math.max(1, Math.round(fps)) : fps;
				if (rate !== fps) draft.warn(`fps: ${fps} became ${rate}, as the server takes whole numbers`);
				return beyond("fps", "fps")(rate, draft);
			},
			...(frameAs === "ratio" ? {} : { resolution: writeSize, aspectRatio: writeSize }),
			seed: beyond("seed", "seed"),
			numInferenceSteps: beyond("numInferenceSteps", "num_inference_steps"),
			guidanceScale: beyond("guidanceScale", "guidance_scale"),
			lastFrame() {
				throw unsupported("lastFrame");
			},
			references(references) {
				if (references.length > 0) throw unsupported("references");
				return undefined;
			},
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

/** One size says both, the resolution and the ratio, in pixels that the model renders. */
function writeSize(_given: string, { request, fields, warn }: OptionDraft): JsonValue | undefined {
	const { resolution, aspectRatio, image, model } = request;
	if (Object.hasOwn(fields, "size")) return undefined;
	const { multipleOf, resolution: usual } = familyOf(model);
	const ratio = image === undefined ? "16:9" : aspectRatioOf(image);
	const asked = frameSize({ resolution, aspectRatio }, { resolution: usual, aspectRatio: ratio });
	const sides = [asked.width, asked.height].map((side) => Math.max(1, Math.floor(side / multipleOf)) * multipleOf);
	const size = sides.join("x");
	if (resolution === undefined) {
		warn(`resolution: sent as ${size}, as aspectRatio was given alone`);
	} else if (parseExactSize(resolution) === undefined) {
		if (aspectRatio === undefined) warn(`resolution: sent as ${size}, as no aspectRatio was given`);
	} else if (size !== `${asked.width}x${asked.height}`) {
		warn(`resolution: ${resolution} became ${size}, as ${model} renders multiples of ${multipleOf}`);
	}
	return size;
}

function unsupported(option: keyof GenerationOptions): UnsupportedOptionError {
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
