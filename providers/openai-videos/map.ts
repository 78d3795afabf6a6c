import {
	type FrameSize,
	frameSize,
	type GenerationOptions,
	InputError,
	type InputImage,
	imageToDataUrl,
	type JsonObject,
	type JsonValue,
	type OperationStatus,
	type ProviderRequest,
	parseExactSize,
	sameOriginUrl,
	UnsupportedOptionError,
	type VideoAsset,
} from "../../src/provider-kit/index.ts";
import { DIALECTS, type Dialect, type DialectRules, type SecondsFormat } from "./dialects.ts";
import { failedStatus } from "./errors.ts";
import { type Family, familyOf } from "./models.ts";
import { type OwnStyle, parseProviderOptions, type Video } from "./wire.ts";

/** What is being written. */
interface Draft {
	readonly request: ProviderRequest;
	readonly rules: DialectRules;
	readonly style: OwnStyle;
	readonly family: Family;
	/** The user's own fields, which are sent as they are. */
	readonly own: JsonObject;
	readonly fields: Record<string, JsonValue>;
	readonly warnings: string[];
}

/** The rate that engines assume where none is given, in frames per second. */
const USUAL_FPS = 24;

const SECONDS: { readonly [Format in SecondsFormat]: (seconds: number) => JsonValue } = {
	text: (seconds) => String(seconds),
	number: (seconds) => seconds,
	suffixed: (seconds) => `${seconds}s`,
};

/** One line an option: one that is forgotten does not compile. */
const WRITERS: { readonly [Name in keyof GenerationOptions]-?: (draft: Draft) => void } = {
	negativePrompt: (draft) => writeBeyond(draft, "negativePrompt", "negative_prompt"),
	durationSeconds: writeDuration,
	fps: writeFps,
	resolution: writeFrame,
	aspectRatio: () => undefined, // One size says both.
	quality: ({ request: { quality }, warnings }) => {
		if (quality !== undefined) warnings.push("quality: not sent, as the protocol has no field for it");
	},
	seed: (draft) => writeBeyond(draft, "seed", "seed"),
	numInferenceSteps: (draft) => writeBeyond(draft, "numInferenceSteps", "num_inference_steps"),
	guidanceScale: (draft) => writeBeyond(draft, "guidanceScale", "guidance_scale"),
	generateAudio: writeSound,
	lastFrame: ({ request: { lastFrame } }) => refuse("lastFrame", lastFrame !== undefined),
	references: ({ request: { references = [] } }) => refuse("references", references.length > 0),
};

/**
 * The body of a submission in a server's dialect. What was adjusted or left out is said in the warnings. Throws
 * `InputError` and `UnsupportedOptionError` for what cannot be sent.
 */
export function toBody(
	request: ProviderRequest,
	dialect: Dialect,
): { readonly body: JsonObject | FormData; readonly warnings: readonly string[] } {
	const { model, prompt, image } = request;
	const rules = DIALECTS[dialect];
	const { style, fields: own } = parseProviderOptions(request.providerOptions);
	const fields = { model, prompt };
	const warnings: string[] = [];
	const draft: Draft = { request, rules, style, own, family: familyOf(model), fields, warnings };
	for (const write of Object.values(WRITERS)) write(draft);
	const isForm = rules.body === "form" || (rules.body === "either" && image !== undefined);
	for (const name of Object.keys(own)) {
		if (!Object.hasOwn(fields, name) && (image === undefined || name !== rules.image)) continue;
		throw new InputError(`providerOptions.openai-videos.${name}`, "the request says this too; leave one of them out");
	}
	Object.assign(fields, own);
	if (isForm) return { body: toForm(fields, rules.image, image), warnings };
	return { body: image === undefined ? fields : { ...fields, [rules.image]: imageToDataUrl(image) }, warnings };
}

/** What the server says of a job, in reelay's words. One that is not known means that it still runs. */
export function toStatus(
	video: Video,
	dialect: Dialect,
	content: URL,
	headers: Readonly<Record<string, string>>,
): OperationStatus {
	const progress = (video.progress ?? 0) / 100;
	switch (video.status) {
		case "completed":
		case "succeeded":
			return { state: "succeeded", assets: [toAsset(video, content, headers)] };
		case "failed":
			return failedStatus(video, undefined, dialect);
		case "cancelled":
		case "canceled":
		case "deleted":
			return failedStatus(video, "cancelled", dialect);
		case "expired":
		case "aborted":
		case "incomplete":
		case "requires_action":
			return failedStatus(video, "expired", dialect);
		default: {
			const state = video.status === "queued" ? "queued" : "running";
			// Engines count from 0 to 100 in one step: nothing was measured, then.
			return progress > 0 && progress <= 1 ? { state, progress } : { state };
		}
	}
}

/** The file at the address that the server names, else at its own. The key goes to the server's origin only. */
function toAsset({ url, output }: Video, content: URL, headers: Readonly<Record<string, string>>): VideoAsset {
	const named = [url, ...(output ?? [])].find((text) => /^https?:/i.test(text ?? "") && URL.canParse(text ?? ""));
	if (typeof named === "string" && sameOriginUrl(named, content.href) === undefined) return { kind: "url", url: named };
	return { kind: "url", url: named ?? content.href, headers, credentialOrigins: [content.origin] };
}

/** An option that engines take, and the protocol has no word for. */
function writeBeyond(
	draft: Draft,
	name: "negativePrompt" | "seed" | "numInferenceSteps" | "guidanceScale",
	field: string,
) {
	const value = draft.request[name];
	if (value === undefined) return;
	draft.fields[field] = value;
	warnBeyond(draft, name, field);
}

function warnBeyond({ rules, warnings }: Draft, name: keyof GenerationOptions, field: string): void {
	if (!rules.isEngine)
		warnings.push(`${name}: sent as ${field}, which is not in the protocol; the server may ignore it`);
}

/** Engines take whole seconds, or any number of frames. */
function writeDuration({ request, rules, style, own, family, fields }: Draft): void {
	const { durationSeconds: seconds, fps = family.fps } = request;
	if (seconds === undefined) return;
	const isCounted = rules.isEngine && style.secondsAs === undefined;
	if (isCounted && !Number.isInteger(seconds)) {
		const rate = Math.max(1, Math.round(fps ?? USUAL_FPS));
		fields["num_frames"] = Math.max(1, Math.round(seconds * rate));
		fields["fps"] = rate;
		return;
	}
	fields["seconds"] = SECONDS[style.secondsAs ?? rules.secondsAs](seconds);
	if (rules.isEngine && fps !== undefined && !Object.hasOwn(own, "fps")) fields["fps"] = Math.max(1, Math.round(fps));
}

function writeFps(draft: Draft): void {
	const { request, rules, fields, warnings } = draft;
	const { fps } = request;
	if (fps === undefined) return;
	const rate = rules.isEngine ? Math.max(1, Math.round(fps)) : fps;
	fields["fps"] = rate;
	if (rate !== fps) warnings.push(`fps: ${fps} became ${rate}, as the server takes whole numbers`);
	warnBeyond(draft, "fps", "fps");
}

function writeFrame({ request, style, family, fields, warnings }: Draft): void {
	const { resolution, aspectRatio, image, model } = request;
	if (resolution === undefined && aspectRatio === undefined) return;
	if (style.frameAs === "ratio") {
		if (resolution !== undefined) fields["resolution"] = resolution;
		if (aspectRatio !== undefined) fields["aspect_ratio"] = aspectRatio;
		return;
	}
	const usual = { resolution: family.resolution, aspectRatio: image === undefined ? "16:9" : ratioOf(image) };
	const asked = frameSize({ resolution, aspectRatio }, usual);
	const size = `${fitted(asked.width, family)}x${fitted(asked.height, family)}`;
	fields["size"] = size;
	if (resolution === undefined) {
		warnings.push(`resolution: sent as ${size}, as aspectRatio was given alone`);
	} else if (parseExactSize(resolution) === undefined) {
		if (aspectRatio === undefined) warnings.push(`resolution: sent as ${size}, as no aspectRatio was given`);
	} else if (size !== `${asked.width}x${asked.height}`) {
		warnings.push(`resolution: ${resolution} became ${size}, as ${model} renders multiples of ${family.multipleOf}`);
	}
}

/** The shape of a picture in numbers that a ratio may have. */
function ratioOf({ width, height }: FrameSize): string {
	const scale = Math.max(1, width / 1_000, height / 1_000);
	return [width, height].map((side) => Math.max(1, Math.round(side / scale))).join(":");
}

function fitted(pixels: number, { multipleOf }: Family): number {
	return Math.max(1, Math.floor(pixels / multipleOf)) * multipleOf;
}

function writeSound({ request: { generateAudio }, rules, fields, warnings }: Draft): void {
	if (generateAudio === undefined) return;
	if (rules === DIALECTS["vllm-omni"]) fields["generate_sound"] = generateAudio;
	else if (!generateAudio) warnings.push("generateAudio: not sent, as the protocol has no field for it");
	else refuse("generateAudio", true);
}

function refuse(name: keyof GenerationOptions, isGiven: boolean): void {
	if (!isGiven) return;
	const remedy = "leave it out, choose another model, or name the server's own field in providerOptions";
	throw new UnsupportedOptionError(name, `the protocol /v1/videos has no field for it; ${remedy}`);
}

function toForm(fields: JsonObject, imageField: string, image: InputImage | undefined): FormData {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) {
		form.append(name, typeof value === "string" ? value : JSON.stringify(value));
	}
	if (image !== undefined) {
		const { data, mediaType } = image;
		form.append(imageField, new Blob([new Uint8Array(data)], { type: mediaType }), mediaType.replace("/", "."));
	}
	return form;
}
