import { createHash } from "node:crypto";
import type { SecretValue } from "../provider/index.ts";

/**
 * Tells accounts apart without naming one: the first 8 hexadecimal digits of the SHA-256 of the key. For
 * `VideoProvider.account`.
 */
export function accountFingerprint(key: SecretValue): string {
	return createHash("sha256").update(key.reveal()).digest("hex").slice(0, 8);
}
