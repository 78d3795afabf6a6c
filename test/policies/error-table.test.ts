import { describe, expect, it } from "vitest";
import {
	AuthenticationError,
	CancelledError,
	ConfigurationError,
	ContentRefusedError,
	DownloadError,
	InputError,
	MediaError,
	ModelNotFoundError,
	ModelRetiredError,
	OperationNotFoundError,
	ProviderError,
	QuotaError,
	RateLimitError,
	SubmitUnknownError,
	UnsupportedOptionError,
	type VideoErrorDetails,
} from "../../src/errors/index.ts";
import { decide, decideVerdict, ERROR_TABLE, type ErrorKind, NotAdmittedError } from "../../src/policies/index.ts";

const never = { refusal: false };
const target = { provider: "fal", model: "x" };
const refusal = { admitted: false, reason: "breaker_open", message: "later" } as const;
const status = (code: number, details: VideoErrorDetails = {}) =>
	new ProviderError("no", { status: code, retryable: true, ...details });
const withCode = (code: string) => Object.assign(new Error(code), { code });

type Row = readonly [what: string, error: unknown, kind: ErrorKind, action: string, counts: string];

const SUBMIT: readonly Row[] = [
	["a connection that was refused", new ProviderError("no", { retryable: true }), "transport", "retry", "failure"],
	["503 that the adapter declares rejected", status(503), "server_error", "retry", "failure"],
	["the same, not retryable", status(503, { retryable: false }), "server_error", "next", "failure"],
	["503 with an unknown outcome", status(503, { billed: "unknown" }), "unknown_outcome", "stop", "failure"],
	["a reset", new TypeError("fetch failed"), "unknown_outcome", "stop", "failure"],
	["a lost answer", new SubmitUnknownError("lost", { billed: "unknown" }), "unknown_outcome", "stop", "failure"],
	["429 after it was billed", new RateLimitError("no", { billed: "yes" }), "unknown_outcome", "stop", "failure"],
	["429", new RateLimitError("no", { retryable: true }), "rate_limited", "retry", "nothing"],
	["a bare 429", status(429), "rate_limited", "retry", "nothing"],
	["401", status(401), "authentication", "quarantine", "nothing"],
	["403", status(403), "authentication", "quarantine", "nothing"],
	["a refused key", new AuthenticationError("no"), "authentication", "quarantine", "nothing"],
	["402", status(402), "payment", "quarantine", "nothing"],
	["an empty account", new QuotaError("no"), "payment", "quarantine", "nothing"],
	["a content refusal", new ContentRefusedError("no"), "refused", "stop", "success"],
	["400", status(400), "invalid", "next", "success"],
	["422", status(422), "invalid", "next", "success"],
	["an option it does not take", new UnsupportedOptionError("seed", "no"), "invalid", "next", "success"],
	["wrong input", new InputError("seed", "no"), "invalid", "next", "success"],
	["404", status(404), "no_model", "next", "success"],
	["an unknown model", new ModelNotFoundError("no"), "no_model", "next", "success"],
	["a retired model", new ModelRetiredError("no"), "no_model", "next", "success"],
	["a missing key", new ConfigurationError("no"), "configuration", "next", "nothing"],
	["an abort", new CancelledError("no"), "cancelled", "stop", "nothing"],
	["an open breaker", new NotAdmittedError(refusal, "submit", target), "not_admitted", "next", "nothing"],
];

const POLL: readonly Row[] = [
	["a reset", new TypeError("fetch failed"), "transport", "retry", "failure"],
	["an answer that cannot be read", new SyntaxError("<html>"), "transport", "retry", "failure"],
	["502", status(502, { retryable: false }), "server_error", "retry", "failure"],
	["408", status(408), "server_error", "retry", "failure"],
	["429", new RateLimitError("no"), "rate_limited", "retry", "nothing"],
	["a bare 404", status(404), "no_model", "retry", "success"],
	["400", status(400), "invalid", "retry", "success"],
	["402", status(402), "payment", "retry", "nothing"],
	["an unknown operation", new OperationNotFoundError("no"), "no_operation", "stop", "success"],
	["a refused key", new AuthenticationError("no"), "authentication", "stop", "nothing"],
	["a missing key", new ConfigurationError("no"), "configuration", "stop", "nothing"],
	["a content refusal", new ContentRefusedError("no"), "refused", "stop", "success"],
	["an open breaker", new NotAdmittedError(refusal, "poll", target), "not_admitted", "pause", "nothing"],
];

const DOWNLOAD: readonly Row[] = [
	[
		"a cut",
		new DownloadError("cut", { retryable: true, cause: withCode("ECONNRESET") }),
		"transport",
		"retry",
		"failure",
	],
	[
		"a full disk",
		new DownloadError("full", { retryable: true, cause: withCode("ENOSPC") }),
		"local",
		"stop",
		"nothing",
	],
	["an expired URL", new DownloadError("gone", { retryable: false }), "local", "stop", "nothing"],
	["a file that is no video", new MediaError("html", { retryable: true }), "local", "stop", "nothing"],
	["an open breaker", new NotAdmittedError(refusal, "download", target), "not_admitted", "pause", "nothing"],
];

describe("what follows from an error", () => {
	it.each(SUBMIT)("of a submission: %s", (_what, error, kind, action, counts) => {
		expect(decide(error, "submit", never)).toEqual({ kind, action, counts });
	});

	it.each(POLL)("of a look: %s", (_what, error, kind, action, counts) => {
		expect(decide(error, "poll", never)).toEqual({ kind, action, counts });
	});

	it.each(DOWNLOAD)("of a download: %s", (_what, error, kind, action, counts) => {
		expect(decide(error, "download", never)).toEqual({ kind, action, counts });
	});

	it("is tried for every kind", () => {
		const tried = [...SUBMIT, ...POLL, ...DOWNLOAD].map(([, , kind]) => kind);
		expect(Object.keys(ERROR_TABLE).filter((kind) => !tried.includes(kind as ErrorKind))).toEqual([]);
	});

	it("of a content refusal is the next model only when that is asked for, and it cost nothing", () => {
		const asked = { refusal: true };
		expect(decide(new ContentRefusedError("no"), "submit", asked).action).toBe("next");
		expect(decide(new ContentRefusedError("no", { billed: "yes" }), "submit", asked).action).toBe("stop");
		expect(decideVerdict("refused", "no", asked)).toBe("next");
		expect(decideVerdict("refused", "yes", asked)).toBe("stop");
		expect(decideVerdict("refused", "no", never)).toBe("stop");
	});

	it("never sends again, nor elsewhere, what may have been accepted", () => {
		for (const [, error] of [...SUBMIT, ...POLL, ...DOWNLOAD]) {
			const mayBeBilled = !(error instanceof Error && "billed" in error && error.billed === "no");
			if (mayBeBilled) expect(decide(error, "submit", { refusal: true }).action).toBe("stop");
		}
	});

	it("of a failed operation is the next model when the service broke and did not bill", () => {
		expect(
			["internal", "expired", "invalid", "cancelled"].map((kind) => decideVerdict(kind as never, "no", never)),
		).toEqual(["next", "next", "stop", "stop"]);
		expect(decideVerdict("internal", "unknown", never)).toBe("stop");
	});
});
