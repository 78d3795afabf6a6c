import assert from "node:assert/strict";
import { inspect } from "node:util";

/** Fails when a key can be read in a value: in its text, its stack, its causes, its JSON or when it is printed. */
export function assertNoSecret(value: unknown, secret: string): void {
	const spellings = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64").replace(/=+$/, "")];
	const texts = [inspect(value, { depth: 12, showHidden: true, getters: true }), safeJson(value)];
	if (value instanceof Error) texts.push(value.message, value.stack ?? "", String(value));
	for (const text of texts) {
		const found = spellings.some((spelling) => text.includes(spelling));
		// The text itself is not shown: a test's output is read by many.
		assert.ok(!found, `the key can be read in ${value instanceof Error ? "an error" : "what start returned"}`);
	}
}

function safeJson(value: unknown): string {
	try {
		return JSON.stringify(value) ?? "";
	} catch {
		return "";
	}
}
