import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
	ConfigurationError,
	ContentRefusedError,
	InputError,
	isVideoError,
	ProviderError,
	redact,
	Secret,
	SubmitUnknownError,
} from "../../src/errors/index.ts";

const everyView = (value: unknown): string =>
	[String(value), inspect(value, { depth: 12, showHidden: true }), JSON.stringify(value)].join("\n");

describe("an error", () => {
	it("says what happened, where, and what it cost", () => {
		const error = new InputError("durationSeconds", "must be a number from 1 to 30");
		expect(error).toMatchObject({
			name: "InputError",
			code: "invalid_input",
			phase: "input",
			billed: "no",
			retryable: false,
			field: "durationSeconds",
			message: "durationSeconds: must be a number from 1 to 30",
		});
	});

	it("is recognised also when it comes from another copy of the package", () => {
		const foreign = Object.assign(new Error("x"), { code: "provider_error" });
		expect(isVideoError(foreign)).toBe(false);
		Object.defineProperty(foreign, Symbol.for("reelay.VideoError"), { value: true });
		expect(isVideoError(foreign)).toBe(true);
	});

	it("takes what its surroundings know, and keeps what it knew", () => {
		const error = new SubmitUnknownError("lost", { model: "a:b" }).addContext({ model: "c:d", jobId: "job_1" });
		expect(error).toMatchObject({ model: "a:b", jobId: "job_1" });
	});

	it("turns into JSON with everything but the stack and the cause", () => {
		const error = new ProviderError("broken", { status: 500, cause: new RangeError("inner") });
		const json = JSON.parse(JSON.stringify(error));
		expect(json).toMatchObject({ name: "ProviderError", code: "provider_error", message: "broken", status: 500 });
		expect(json.stack).toBeUndefined();
	});
});

describe("secrets", () => {
	const canary = "canary/key+1234567890";

	it("print as [secret] however they are looked at", () => {
		const secret = new Secret(canary);
		expect(everyView({ secret, list: [secret] })).not.toContain(canary);
		expect(`${secret}`).toBe("[secret]");
		expect(secret.reveal()).toBe(canary);
	});

	it("stay out of messages, bodies, causes and their causes", () => {
		new Secret(canary);
		const inner = new TypeError(`inner ${canary}`);
		const outer = Object.assign(new Error(`outer ${encodeURIComponent(canary)}`, { cause: inner }), {
			request: { headers: { authorization: `Bearer ${canary}` } },
		});
		const error = new ProviderError(`refused ${canary}`, { body: `{"key":"${canary}"}`, cause: outer });
		const seen = everyView(error);
		expect(seen).not.toContain(canary);
		expect(seen).not.toContain(encodeURIComponent(canary));
		expect(seen).toContain("[secret]");
	});

	it("stay out of the reasons of a refusal, the id of a call, and the code of a cause", () => {
		new Secret(canary);
		const cause = Object.assign(new Error("x"), { code: canary });
		const error = new ContentRefusedError("no", { reasons: [`bad ${canary}`], requestId: canary, cause });
		expect(everyView(error)).not.toContain(canary);
		expect(error).toMatchObject({ reasons: ["bad [secret]"], requestId: "[secret]" });
	});

	it.each([
		"Authorization: Bearer abcdef123456",
		"Authorization: Key abcdef-123456",
		"sk-abcdef123456 hf_abcdef123456 r8_abcdef123456",
		"https://host/file.mp4?X-Amz-Signature=abcdef123456&sig=abcdef123456",
		"https://abcdef123456:x@host/",
		`data:image/png;base64,${"abcdef123456".repeat(20)}`,
	])("that nobody registered are known by their shape: %s", (text) => {
		expect(redact(text)).not.toContain("abcdef");
	});

	it.each([
		["Basic", "dXNlcjpwYXNz"],
		["Basic", "dXNlcg=="],
		["Key", "abc123-def456:0123456789abcdef"],
		["Key", "own-key-1"],
		["key", "user:password"],
		["KEY", "under_scored"],
		["Bearer", "sk-proj-abcdefgh"],
		["bearer", "eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl"],
		["BEARER", "correct-horse-battery-staple"],
		["Basic", "abcdefghijklmnopqrstuvwxyz"],
		["Key", "Bearer\tabcdef123456"],
	])("are hidden behind the name of their scheme, header or not: %s %s", (scheme, secret) => {
		expect(redact(`the answer to "${scheme} ${secret}" was 401`)).not.toContain(secret.replace(/^Bearer\s/, ""));
		expect(redact(`${scheme} ${secret}`)).toContain("[secret]");
	});

	it.each([
		"Authorization: Basic lighting",
		'{"authorization":"Bearer lighting"}',
		"proxy-authorization=key lighting",
		"x-api-key: Key lighting",
		"api_key: key-lighting",
	])("are hidden in a header whatever they look like: %s", (text) => {
		expect(redact(text)).not.toContain("lighting");
	});

	it.each([
		"Basic lighting setup",
		"BASIC LIGHTING, then Basic: black-and-white",
		"Basic black-and-white film; a basic and/or simple scene",
		"Basic 3-point lighting",
		"Key lighting from the left",
		"Key character: a fox. Key lighting... key colours:",
		"Key State-of-the-Art",
		"Bearer of bad news",
		"A standard-bearer carries it; bearer bonds--gilded--fly",
	])("are not what a prompt has: %s", (text) => {
		expect(redact(text)).toBe(text);
	});

	it("are looked for in bounded time", () => {
		const begun = performance.now();
		redact(`Key ${"A-".repeat(50_000)}1 Basic${" ".repeat(50_000)}`);
		expect(performance.now() - begun).toBeLessThan(1_000);
	});

	it("leave ordinary text alone", () => {
		const text = 'durationSeconds: must be a number from 1 to 30; see https://host/path?page=2 and "key words"';
		expect(redact(text)).toBe(text);
		expect(new ConfigurationError(text).message).toBe(text);
	});
});
