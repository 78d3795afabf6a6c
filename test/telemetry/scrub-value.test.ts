import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ProviderError, Secret } from "../../src/errors/index.ts";
import { scrubValue } from "../../src/telemetry/scrub-value.ts";
import { CANARY, leaksIn, spellingsOf } from "./canary.ts";

const secret = new Secret(CANARY);

/** Wherever a key has been found in the output of other libraries. */
const POSITIONS: readonly (readonly [string, unknown])[] = [
	["a text", `the key ${CANARY} was refused`],
	["a text with each of its spellings", spellingsOf(CANARY).join(" and ")],
	["a field", { key: CANARY }],
	["a field deep inside", { a: { b: [{ c: { d: [CANARY] } }] } }],
	["a field's name", { [`header ${CANARY}`]: 1 }],
	["an error's message", new Error(CANARY)],
	["an error's cause", new Error("outside", { cause: new TypeError("inside", { cause: { body: CANARY } }) })],
	["a member of an AggregateError", new AggregateError([new Error("a"), new Error(CANARY)], "both failed")],
	["a field of an error", Object.assign(new Error("x"), { response: { config: { headers: { other: CANARY } } } })],
	["an error's stack", Object.assign(new Error("x"), { stack: `Error: x\n    at ${CANARY}` })],
	["an error's name", Object.assign(new Error("x"), { name: CANARY })],
	["one of reelay's errors", new ProviderError("failed", { requestId: CANARY, cause: new Error(CANARY) })],
	["the query of a URL", new URL(`https://example.com/v.mp4?key=${encodeURIComponent(CANARY)}`)],
	["the user of a URL", `https://user:${encodeURIComponent(CANARY)}@example.com/`],
	["a header", new Headers({ "x-goog-api-key": CANARY })],
	["a header in a text", `x-api-key: ${CANARY}\r\nauthorization: Bearer ${CANARY}`],
	["a map", new Map([["other", CANARY]])],
	["a set", new Set([CANARY])],
	["JSON in a text", JSON.stringify({ error: { details: [CANARY] } })],
	["what toJSON gives", { toJSON: () => ({ token: CANARY }) }],
	["a secret", { secret, list: [secret] }],
];

describe("a copy for logs and events", () => {
	it.each(POSITIONS)("holds no secret that was in %s", (_position, value) => {
		const copy = scrubValue(value);
		expect(leaksIn(JSON.stringify(copy))).toEqual([]);
		expect(leaksIn(inspect(copy, { depth: 12, showHidden: true }))).toEqual([]);
	});

	it.each([
		["authorization", "Token abc"],
		["Proxy-Authorization", "abc"],
		["x-api-key", "abc"],
		["X-Goog-Api-Key", ["abc"]],
		["x-key", "abc"],
		["apiKey", "abc"],
		["secretAccessKey", "abc"],
		["private_key", "-----BEGIN"],
		["access_token", "abc"],
		["sessionToken", "abc"],
		["set-cookie", "a=b"],
		["password", { value: "abc" }],
	])("leaves out what is called %s, whether or not it is known as a secret", (name, value) => {
		expect(scrubValue({ [name]: value })).toEqual({ [name]: "[secret]" });
		expect(scrubValue(new Map([[name, value]]))).toEqual({ [name]: "[secret]" });
		expect(scrubValue([name, value])).toEqual([name, "[secret]"]);
	});

	it("keeps what is no secret", () => {
		const event = { jobId: "job_1", token: "rl1.abc", idempotencyKey: "k", model: "fal:kling", progress: 0, ok: false };
		expect(scrubValue(event)).toEqual(event);
		expect(scrubValue({ a: undefined, b: null, c: [1, "two"] })).toEqual({ a: undefined, b: null, c: [1, "two"] });
		const error = new ProviderError("it failed", { status: 503, model: "fake:one" });
		expect(scrubValue(error)).toMatchObject({
			name: "ProviderError",
			code: "provider_error",
			message: "it failed",
			status: 503,
		});
	});

	it("keeps what an error is made of", () => {
		const error = new AggregateError([new TypeError("one"), "two"], "both failed", { cause: new RangeError("three") });
		expect(scrubValue(error)).toMatchObject({
			name: "AggregateError",
			message: "both failed",
			errors: [{ name: "TypeError", message: "one" }, "two"],
			cause: { name: "RangeError", message: "three" },
			stack: expect.stringContaining("both failed"),
		});
	});

	it("is plain JSON and small, whatever it was made of", () => {
		const circular: Record<string, unknown> = { name: "a" };
		circular["self"] = circular;
		const deep = Array.from({ length: 50 }).reduce<object>((inner) => ({ inner }), {});
		const hostile = {
			get trap(): never {
				throw new RangeError("no");
			},
		};
		expect(scrubValue({ circular, at: new Date(0), big: 10n, call: () => 1, hostile })).toEqual({
			circular: { name: "a", self: "[circular]" },
			at: "1970-01-01T00:00:00.000Z",
			big: "10",
			call: "[function]",
			hostile: "[unreadable]",
		});
		expect(JSON.stringify(scrubValue(deep))).toContain("[deeper]");
		const image = { bytes: new Uint8Array(5_000), buffer: Buffer.alloc(9), blob: new Blob(["abc"]) };
		expect(scrubValue(image)).toEqual({ bytes: "[5000 bytes]", buffer: "[9 bytes]", blob: "[3 bytes]" });
		const inline = `data:image/png;base64,${Buffer.alloc(300, 7).toString("base64")}`;
		expect(scrubValue({ reason: `bad image ${inline}` })).toEqual({ reason: "bad image data:[media]" });
	});
});
