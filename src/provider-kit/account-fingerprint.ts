import { createHash } from "node:crypto";
import type { SecretValue } from "../provider/index.ts";

/**
 * Tells accounts apart without naming one: the first 8 hexadecimal digits of the SHA-256 of the key. For
 * `VideoProvider.account`. Without a key there is no account.
 */
export function accountFingerprint(key: SecretValue | undefined): string | undefined {
	return key && createHash("sha256").update(key.reveal()).digest("hex").slice(0, 8);
}
