/**
 * The last line of promise P4: whatever text leaves reelay (an error, a log line, an event) passes
 * here. The first line is that keys are kept in `Secret` and never put into text at all.
 */
const MINIMUM_SECRET_LENGTH = 6;
/** The first base64 digit that is the bytes' alone, with none, one or two bytes of something else before them. */
const FIRST_WHOLE_DIGIT = [0, 2, 3];
const known = new Set<string>();

/** What a credential is made of. */
const SIGN = "[\\w.~+/=:-]";
const WORD = "(?:[A-Za-z][a-z]*|[A-Z]{2,})";
/**
 * What prompts have after "Key" or "Basic": "lighting", "black-and-white", "3-point". A credential is longer, or
 * it has more digits, a capital within a word, or a sign that joins no words.
 */
const PROSE = `(?=${SIGN}{6,24}(?!${SIGN}))(?:\\d{1,2}-)?${WORD}(?:(?:--?|/)${WORD})*[.:-]*(?!${SIGN})`;
const SCHEME = "[Bb]earer|BEARER|[Kk]ey|KEY|[Bb]asic|BASIC";

const PATTERNS: readonly (readonly [RegExp, string])[] = [
	[new RegExp(`\\b(${SCHEME})\\s+(?!${PROSE})${SIGN}{6,}`, "g"), "$1 [secret]"],
	[/\b(?:sk-|r8_|hf_|AIza|ya29\.)[A-Za-z0-9_.-]{6,}/g, "[secret]"],
	[
		/([?&](?:key|api_key|token|access_token|sig|signature|X-Amz-[A-Za-z-]+|X-Goog-[A-Za-z-]+)=)[^&\s"'<>]+/gi,
		"$1[secret]",
	],
	[/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s:@"'<>]+(?::[^/\s@"'<>]*)?@/gi, "$1[secret]@"],
	[
		/\b((?:x-[a-z-]*(?:key|token)|api[-_]?key|(?:proxy-)?authorization|(?:set-)?cookie)["']?\s*[:=]\s*["']?(?:(?:Bearer|Key|Basic)\s+)?)(?!(?:Bearer|Key|Basic)(?:\s|$)|\[secret)[^\s"',;&{}]{6,}/gi,
		"$1[secret]",
	],
	[/data:[a-z]+\/[a-z0-9.+-]+;base64,[A-Za-z0-9+/=]{64,}/gi, "data:[media]"],
];

/** Adds a value that must never appear in text, with the spellings it would have in a URL or in base64. */
export function rememberSecret(value: string): void {
	if (value.length < MINIMUM_SECRET_LENGTH) return;
	for (const spelling of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]) known.add(spelling);
	for (const spelling of base64Spellings(Buffer.from(value))) known.add(spelling);
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
	for (const value of known) safe = safe.replaceAll(value, "[secret]");
	for (const [pattern, replacement] of PATTERNS) safe = safe.replace(pattern, replacement);
	return safe;
}
