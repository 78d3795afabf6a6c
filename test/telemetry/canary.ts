/** A key that looks like no key, with characters that are written differently in URLs, JSON and base64. */
export const CANARY = "canary+5up3r/s3cret=val~ue";

/** How a key may be spelled in text that something else has written. */
export function spellingsOf(key: string): readonly string[] {
	return [key, encodeURIComponent(key), Buffer.from(key).toString("base64").replace(/=+$/, "")];
}

/** The spellings of the canary that a text holds. */
export function leaksIn(text: string): readonly string[] {
	return spellingsOf(CANARY).filter((spelling) => text.includes(spelling));
}
