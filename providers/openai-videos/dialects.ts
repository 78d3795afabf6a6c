const ENGINE = { isEngine: true, body: "json", secondsAs: "number", image: "reference_url" } as const;
const PROTOCOL = { isEngine: false, body: "either", secondsAs: "text", image: "input_reference" } as const;

/** How the servers differ that speak `/v1/videos`. */
export const DIALECTS = {
	/** Forms only; a job can be aborted. */
	"vllm-omni": { ...PROTOCOL, isEngine: true, body: "form", sound: "generate_sound", canAbort: true },
	/** Deleting a job only forgets it, and the video with it, while the GPU works on. */
	sglang: { ...ENGINE, sound: null, canAbort: false },
	fastvideo: { ...ENGINE, sound: null, canAbort: false },
	/** A gateway; what is behind it may bill. */
	litellm: { ...PROTOCOL, sound: null, canAbort: false },
	/** What OpenAI documented, and most others speak. */
	plain: { ...PROTOCOL, sound: null, canAbort: false },
} as const satisfies Readonly<Record<string, DialectRules>>;

/** What a dialect wants, and what it can do. */
export interface DialectRules {
	/** Whether it is an engine on somebody's own GPU: it takes the options of diffusion, and has no bill. */
	readonly isEngine: boolean;
	/** `either`: JSON, and a form where there is a picture to upload. */
	readonly body: "json" | "form" | "either";
	readonly secondsAs: keyof typeof SECONDS;
	/** The field of the first frame: a file in a form, a `data:` URL in JSON. */
	readonly image: string;
	/** The field that asks for sound, if there is one. */
	readonly sound: string | null;
	/** Whether deleting a job stops it. */
	readonly canAbort: boolean;
}

/** Ways to write a length in seconds: `"5"`, `5` and `"5s"`. */
export const SECONDS = {
	text: String,
	number: (seconds: number) => seconds,
	suffixed: (seconds: number) => `${seconds}s`,
} as const;

/** A way to speak `/v1/videos`. */
export type Dialect = keyof typeof DIALECTS;

/** Their names. */
export const DIALECT_NAMES = Object.keys(DIALECTS) as [Dialect, ...Dialect[]];
