import { z } from "zod";
import { didYouMean, type LimitSettings } from "../config/index.ts";
import { InputError } from "../errors/index.ts";
import type { VideoTask } from "../provider/index.ts";
import { frameSize, parseAspectRatio, parseExactSize, parseResolutionClass } from "../provider-kit/index.ts";
import type { GenerateOptions, ImageToVideoRequest, TextToVideoRequest } from "./video-request.ts";

/** A request of either task, checked. */
export type CheckedRequest = TextToVideoRequest & Partial<Omit<ImageToVideoRequest, keyof TextToVideoRequest>>;

const IMAGE_FIELDS: readonly string[] = ["image", "lastFrame"];
const FPS = { min: 1, max: 60 };
const LARGEST_SEED = 2 ** 32 - 1;

function numberBetween(min: number, max: number, unit: string) {
	const message = `must be a number from ${min} to ${max}${unit}`;
	return z.number({ error: message }).min(min, message).max(max, message).optional();
}

function wholeNumberBetween(min: number, max: number) {
	const message = `must be a whole number from ${min} to ${max}`;
	return z.number({ error: message }).int(message).min(min, message).max(max, message).optional();
}

function requestShape(limits: LimitSettings) {
	const tooLong = `is longer than ${limits.maxPromptLength} characters; shorten it, or raise MAX_PROMPT_LENGTH`;
	const fitsLimit = (text: string) => [...text].length <= limits.maxPromptLength;
	return {
		prompt: z
			.string({ error: "must be text that says what the video should show" })
			.refine((text) => text.trim() !== "", { error: "is empty; say what the video should show" })
			.refine(fitsLimit, tooLong),
		negativePrompt: z.string({ error: "must be text" }).refine(fitsLimit, tooLong).optional(),
		durationSeconds: numberBetween(1, limits.maxDurationSeconds, " seconds (MAX_VIDEO_DURATION sets the limit)"),
		fps: numberBetween(FPS.min, FPS.max, " frames per second"),
		aspectRatio: z
			.string({ error: 'must be two whole numbers such as "16:9"' })
			.trim()
			.refine((text) => parseAspectRatio(text) !== undefined, 'must be two whole numbers such as "16:9"')
			.optional(),
		resolution: z
			.string({ error: 'must be a class such as "720p", or exact pixels such as "1280x720"' })
			.trim()
			.superRefine((text, context) => {
				const problem = resolutionProblem(text);
				if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
			})
			.optional(),
		quality: z.enum(["low", "medium", "high"], { error: 'must be "low", "medium" or "high"' }).optional(),
		seed: wholeNumberBetween(0, LARGEST_SEED),
		numInferenceSteps: wholeNumberBetween(1, 1000),
		guidanceScale: numberBetween(0, 100, ""),
		generateAudio: z.boolean({ error: "must be true or false" }).optional(),
		references: z.array(anything, { error: "must be a list of images" }).optional(),
		providerOptions: z
			.record(z.string(), z.record(z.string(), z.json(), { error: "must be an object of JSON values" }), {
				error: "must be an object with one entry a provider, such as { local: { caption: false } }",
			})
			.optional(),
	};
}

function resolutionProblem(text: string): string | undefined {
	const size = parseExactSize(text);
	if (size === undefined) {
		return parseResolutionClass(text) === undefined
			? `"${text}" is not known; use a class such as "720p", or exact pixels such as "1280x720"`
			: undefined;
	}
	if (size.width === 0 || size.height === 0) return `"${text}" has no area; give both sides, such as "1280x720"`;
	if (size.width % 2 === 0 && size.height % 2 === 0) return undefined;
	const even = `${size.width + (size.width % 2)}x${size.height + (size.height % 2)}`;
	return `"${text}" has an odd side, which video cannot have; use ${even}`;
}

const anything = z.lazy(() =>
	z.custom<ImageToVideoRequest["image"]>((value) => value !== undefined && value !== null, {
		error: "is missing; give a path, a URL or bytes",
	}),
);

const OPTIONS = z.lazy(() =>
	z.strictObject({
		model: z.string({ error: 'must be text such as "local:animatic"' }).min(1, "is empty; name a model").optional(),
		fallbacks: z.array(z.string(), { error: 'must be a list such as ["local:animatic"]' }).optional(),
		output: z.string({ error: "must be the path of a file or a folder" }).optional(),
		overwrite: z.boolean({ error: "must be true or false" }).optional(),
		signal: z.instanceof(AbortSignal, { error: "must be an AbortSignal" }).optional(),
		timeoutMs: z
			.number({ error: "must be a number of milliseconds of at least 0" })
			.min(0, "must be a number of milliseconds of at least 0")
			.optional(),
		onProgress: z
			.custom<NonNullable<GenerateOptions["onProgress"]>>((value) => typeof value === "function", {
				error: "must be a function",
			})
			.optional(),
		idempotencyKey: z
			.string({ error: "must be text" })
			.regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 printable ASCII characters without spaces")
			.optional(),
		maxCostUsd: z
			.number({ error: "must be an amount in US dollars of at least 0" })
			.min(0, "must be an amount in US dollars of at least 0")
			.optional(),
		fallbackOn: z
			.strictObject(
				{ refusal: z.boolean({ error: "must be true or false" }).optional() },
				{ error: "must be an object such as { refusal: true }" },
			)
			.optional(),
		allowSecondSubmission: z.boolean({ error: "must be true or false" }).optional(),
		cache: z.union([z.boolean(), z.literal("unseeded")], { error: 'must be true, false or "unseeded"' }).optional(),
		detach: z.boolean({ error: "must be true or false" }).optional(),
		onUnsupported: z.enum(["auto", "reject", "adjust"], { error: 'must be "auto", "reject" or "adjust"' }).optional(),
	}),
);

/** Checks a request. Throws `InputError` that names the first bad field, its problem and the remedy. */
export function validateRequest(task: VideoTask, request: unknown, limits: LimitSettings): CheckedRequest {
	const shape = requestShape(limits);
	const schema =
		task === "text-to-video"
			? z.strictObject(shape)
			: z.strictObject({ ...shape, image: anything, lastFrame: anything.optional() });
	const checked = parse(schema, request, "request") as CheckedRequest;
	// A size and a ratio that contradict each other are wrong whatever the model.
	frameSize(checked, { resolution: "720p", aspectRatio: "16:9" });
	return checked;
}

/** Checks the options of a call. Throws `InputError` that names the first bad one. */
export function validateOptions(options: unknown): GenerateOptions {
	return parse(OPTIONS, options ?? {}, "options");
}

function parse<Output>(schema: z.ZodType<Output>, value: unknown, what: string): Output {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	const issue = result.error.issues[0];
	if (issue?.code === "unrecognized_keys") {
		const typed = issue.keys[0] ?? "";
		const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
		const path = [...issue.path, typed].join(".");
		if (IMAGE_FIELDS.includes(path)) throw new InputError(path, "is for image to video; use imageToVideo");
		throw new InputError(path, `there is no such field.${didYouMean(typed, known)}`);
	}
	const path = issue?.path.join(".") ?? "";
	throw new InputError(
		path === "" ? what : path,
		path === "" ? "must be an object" : (issue?.message ?? "is not valid"),
	);
}
