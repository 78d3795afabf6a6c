import { anySpelling } from "./spellings.ts";

/**
 * The last line of promise P4: whatever text leaves reelay (an error, a log line, an event) passes
 * here. The first line is that keys are kept in `Secret` and never put into text at all.
 *
 * Texts of a service pass too, so no pattern may take more than bounded time at any place of a text.
 */
const MINIMUM_SECRET_LENGTH = 6;
/** A part of a secret, as in `id:secret`, is shorter than the whole and must not be an ordinary word. */
const MINIMUM_PART_LENGTH = 12;
const MINIMUM_PASSING_LENGTH = 8;
/** The secrets that requests bring are as many as there are users, so that only the latest are remembered. */
const MOST_PASSING_SECRETS = 100;
/** The first base64 digit that is the bytes' alone, with none, one or two bytes of something else before them. */
const FIRST_WHOLE_DIGIT = [0, 2, 3];
/** Longer than any secret: as much of a text is left out behind a cut, which may have gone through one. */
const LONGEST_SECRET = 4_096;
const LONGEST_WINDOW = 16_384;

/** Finds one spelling of a secret. */
interface Finder {
	readonly length: number;
	readonly pattern: RegExp;
}

const known = new Map<string, readonly Finder[]>();
const passing = new Set<string>();
/** The longest first: one secret may be the beginning of another. */
let finders: readonly Finder[] = [];

/** What a credential is made of. */
const SIGN = "[\\w.~+/=:-]";
const WORD = "(?:[A-Za-z][a-z]*|[A-Z]{2,})";
/**
 * What prompts have after "Key" or "Basic": "lighting", "black-and-white", "3-point". A credential is longer, or
 * it has more digits, a capital within a word, or a sign that joins no words.
 */
const PROSE = `(?=${SIGN}{6,24}(?!${SIGN}))(?:\\d{1,2}-)?${WORD}(?:(?:--?|/)${WORD})*[.:-]*(?!${SIGN})`;
const SCHEME = "[Bb]earer|BEARER|[Kk]ey|KEY|[Bb]asic|BASIC";

/** The parameters of a URL that open something: by the services that sign so, and by how they end. */
const PARAMETER = [
	"X-(?:Amz|Goog|Tos|Oss|Cos)-[A-Za-z-]{1,40}",
	"q-[a-z-]{1,40}",
	"hdn(?:ea|ts|tl)",
	"[\\w.-]{0,40}(?:key|token|secret|signature|passw(?:or)?d|credential|hmac|jwt)",
	"(?:[\\w.-]{0,40}[-_.])?(?:auth|policy|sign?)",
].join("|");
const BEFORE_PARAMETER = `(?:${anySpelling("?")}|${anySpelling("&")})`;

/** What headers and fields with a credential are called. */
const FIELD = [
	"(?:[\\w-]{0,40}-)?x-[a-z-]{0,60}(?:key|token)",
	"[\\w-]{0,40}(?:(?:api|access|private|secret|subscription)[-_]?key|(?:client|app|api)[-_]?secret|[-_]token)",
	"[\\w-]{0,40}(?:passw(?:or)?d|authorization|cookie)",
].join("|");
const QUOTE = `(?:${anySpelling('"')}|')?`;
const HEADER_SCHEME = "(?:Bearer|Key|Basic|Token|Api-?Key|Digest)";

/** Inline media may be long, and everything around it matters more: it goes first. */
const MEDIA = new RegExp(
	`data${anySpelling(":")}[a-z]{1,20}${anySpelling("/")}[\\w.+%-]{1,80}(?:${anySpelling(";")}[\\w.=+-]{1,80}){0,4}${anySpelling(";")}base64${anySpelling(",")}[\\w+/=\\\\%&#;-]{64,}(?<!\\\\)`,
	"gi",
);

const PATTERNS: readonly (readonly [RegExp, string])[] = [
	[MEDIA, "data:[media]"],
	[new RegExp(`\\b(${SCHEME})\\s+(?!${PROSE})${SIGN}{6,}`, "g"), "$1 [secret]"],
	[/\b(?:sk-|r8_|hf_|api_org_|AIza|ya29\.)[A-Za-z0-9_.-]{6,}/g, "[secret]"],
	[/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*/g, "[secret]"],
	// A web token (JWT, JWE): it begins as JSON does in base64, and has three parts or five.
	[/(?<![\w-])eyJ[\w-]{6,}(?:\.[\w-]*){2,4}/g, "[secret]"],
	[new RegExp(`(${BEFORE_PARAMETER}(?:${PARAMETER})${anySpelling("=")})[^&\\s"'<>]+`, "gi"), "$1[secret]"],
	[/(\b[a-z][a-z0-9+.-]{0,30}:\\{0,4}\/\\{0,4}\/)[^/?#\s"'<>]+@/gi, "$1[secret]@"],
	[
		new RegExp(
			`(?<![\\w-])((?:${FIELD})${QUOTE}\\s*[:=]\\s*${QUOTE}(?:${HEADER_SCHEME}\\s+)?)(?!${HEADER_SCHEME}(?:\\s|$)|\\[secret)[^\\s"',;&{}]{6,}`,
			"gi",
		),
		"$1[secret]",
	],
];

/** Adds a value that must never appear in text, with its parts and the spellings that it would have elsewhere. */
export function rememberSecret(value: string): void {
	passing.delete(value);
	remember(value);
}

/** Adds a value that came with one request. Of such values the latest 100 are remembered; short ones may be words. */
export function rememberPassingSecret(value: string): void {
	if (value.length < MINIMUM_PASSING_LENGTH) return;
	if (known.has(value) && !passing.has(value)) return;
	passing.delete(value);
	passing.add(value);
	const [oldest = value] = passing;
	if (passing.size > MOST_PASSING_SECRETS) {
		passing.delete(oldest);
		known.delete(oldest);
	}
	remember(value);
}

function remember(value: string): void {
	if (value.length < MINIMUM_SECRET_LENGTH || known.has(value)) return;
	const texts = [value, ...partsOf(value)];
	const spellings = new Set(texts.flatMap((text) => [text, ...base64Spellings(Buffer.from(text))]));
	known.set(
		value,
		[...spellings].map((text) => ({ length: text.length, pattern: new RegExp(anySpelling(text), "g") })),
	);
	finders = [...known.values()].flat().sort((a, b) => b.length - a.length);
}

/** Of `id:secret` a server may quote one half. */
function partsOf(secret: string): readonly string[] {
	const parts = secret.split(":");
	return parts.length === 1 ? [] : parts.filter((part) => part.length >= MINIMUM_PART_LENGTH);
}

/** What base64, in both its alphabets, makes of bytes wherever they stand in something longer. */
function base64Spellings(bytes: Buffer): readonly string[] {
	return FIRST_WHOLE_DIGIT.flatMap((first, offset) => {
		const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
		const whole = text.slice(first, Math.floor(((offset + bytes.byteLength) * 8) / 6));
		return [whole, whole.replaceAll("+", "-").replaceAll("/", "_")];
	});
}

/** The text without known secrets, common key formats, signed URL queries, user info or inline media. */
export function redact(text: string): string {
	let safe = text;
	for (const { pattern } of finders) safe = safe.replace(pattern, "[secret]");
	for (const [pattern, replacement] of PATTERNS) safe = safe.replace(pattern, replacement);
	return safe;
}

/** As `redact`, of the beginning of a text that may be very long: 16,384 characters, its inline media not counted. */
export function redactStart(text: string): string {
	const start = text.replace(MEDIA, "data:[media]");
	if (start.length <= LONGEST_WINDOW) return redact(start);
	return redact(start.slice(0, LONGEST_WINDOW + LONGEST_SECRET)).slice(0, -LONGEST_SECRET);
}
