import { createHash } from "node:crypto";
import { z } from "zod";
import { InputError } from "../errors/index.ts";
import type { JsonValue } from "../provider/index.ts";

/** What a token says: enough to find the operation again, no secret and no URL. */
export interface TokenContent {
	/** The job's id. */
	readonly jobId: string;
	/** The provider's id. */
	readonly provider: string;
	/** The model's id at that provider. */
	readonly model: string;
	/** The provider's reference to the operation. */
	readonly handle: JsonValue;
	/** The account that it was submitted with, as the provider's `account` tells it. */
	readonly account?: string | undefined;
	/** When it was submitted, in milliseconds since 1970-01-01 UTC. */
	readonly submittedAtMs: number;
}

const PREFIX = "rl1.";
const MAXIMUM_LENGTH = 1024;
/** Enough to notice a slip; whoever changes a token on purpose meets the adapter's own checks. */
const CHECKSUM_BYTES = 6;
const CONTENT = z.lazy(() =>
	z.strictObject({
		j: z.string().regex(/^job_[0-9a-z]{25}$/),
		p: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
		m: z.string().min(1).max(300),
		o: z.json(),
		a: z
			.string()
			.regex(/^[0-9a-f]{8}$/)
			.optional(),
		t: z.number().int().nonnegative(),
	}),
);

/**
 * The token of an accepted job; `undefined` when it could not be read back: the provider's handle makes it longer than
 * a token may be, or its account is none.
 */
export function encodeToken(content: TokenContent): string | undefined {
	const { jobId: j, provider: p, model: m, handle: o, account: a } = content;
	const t = Math.round(content.submittedAtMs);
	const said = { j, p, m, o, a, t };
	if (!CONTENT.safeParse(said).success) return undefined;
	const json = Buffer.from(JSON.stringify(said));
	const token = `${PREFIX}${Buffer.concat([checksum(json), json]).toString("base64url")}`;
	return token.length <= MAXIMUM_LENGTH ? token : undefined;
}

/** Reads a token strictly. Throws `InputError` that never repeats its content. */
export function decodeToken(token: string): TokenContent {
	if (token.length > MAXIMUM_LENGTH)
		throw unreadable(`it is ${token.length} characters long, at most ${MAXIMUM_LENGTH}`);
	if (!token.startsWith(PREFIX)) throw unreadable(`it does not start with "${PREFIX}"`);
	const encoded = token.slice(PREFIX.length);
	const bytes = Buffer.from(encoded, "base64url");
	const json = bytes.subarray(CHECKSUM_BYTES);
	const isWhole = bytes.toString("base64url") === encoded && checksum(json).equals(bytes.subarray(0, CHECKSUM_BYTES));
	if (!isWhole) throw unreadable("it was cut or changed");
	const parsed = CONTENT.safeParse(parseJson(json.toString("utf8")));
	if (!parsed.success) throw unreadable("it was cut or changed");
	const { j: jobId, p: provider, m: model, o: handle, a: account, t: submittedAtMs } = parsed.data;
	return { jobId, provider, model, handle, account, submittedAtMs };
}

function checksum(json: Uint8Array): Buffer {
	return createHash("sha256").update(json).digest().subarray(0, CHECKSUM_BYTES);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function unreadable(problem: string): InputError {
	return new InputError("token", `this is no token of a job: ${problem}; copy it again, from "${PREFIX}" to its end`);
}
