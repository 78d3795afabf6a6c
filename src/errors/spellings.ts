/** How often a text may be escaped within a text: JSON in JSON has two backslashes where JSON has one. */
const OFTEN = "{0,4}";
const ENTITIES: Readonly<Record<string, string>> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" };

/**
 * The source of a pattern that finds a text however a server writes it. Each of its signs may stand for itself, behind
 * backslashes (as PHP has `\/`), or as an escape of JSON (`\u002B`), of a URL (`%2b`) or of HTML (`&#43;`).
 */
export function anySpelling(text: string): string {
	return [...text].map(spellingsOf).join("");
}

function spellingsOf(character: string): string {
	if (/^[A-Za-z0-9]$/.test(character)) return character;
	const units = Array.from({ length: character.length }, (_, index) => hexadecimal(character.charCodeAt(index), 4));
	const bytes = [...Buffer.from(character)].map((byte) => hexadecimal(byte, 2));
	const code = character.codePointAt(0) ?? 0;
	const entity = ENTITIES[character];
	const named = entity === undefined ? "" : `|${entity}`;
	// Of a line break JSON has a letter.
	const [, letter] = /^"\\([a-z])"$/.exec(JSON.stringify(character)) ?? [];
	const spellings = [
		`\\\\${OFTEN}${units.map((unit) => `\\u${unit}`).join("")}`,
		units.map((unit) => `\\\\${OFTEN}\\\\u${eitherCase(unit)}`).join(""),
		bytes.map((byte) => `%(?:25)${OFTEN}${eitherCase(byte)}`).join(""),
		`&(?:amp;)${OFTEN}(?:#0${OFTEN}${code}|#[xX]0${OFTEN}${eitherCase(code.toString(16))}${named});`,
		...(letter === undefined ? [] : [`\\\\${OFTEN}\\\\${letter}`]),
	];
	return `(?:${spellings.join("|")})`;
}

function hexadecimal(value: number, digits: number): string {
	return value.toString(16).padStart(digits, "0");
}

function eitherCase(digits: string): string {
	return digits.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
