import { describe, expect, it } from "vitest";
import { redact, redactStart, rememberPassingSecret, Secret } from "../../src/errors/index.ts";

const KEY = `sb+Xy12/9Qw<&>'"\\ErTyUi=:Op==`;
new Secret(KEY);

function perSign(spell: (sign: string) => string): string {
	return [...KEY].map((character) => (/\w/.test(character) ? character : spell(character))).join("");
}

function hexadecimal(sign: string): string {
	return sign.charCodeAt(0).toString(16).padStart(2, "0");
}

const json = JSON.stringify(KEY).slice(1, -1);
const SPELLINGS: readonly (readonly [string, string])[] = [
	["JSON", json],
	["JSON in JSON", JSON.stringify(json).slice(1, -1)],
	["the JSON of PHP", json.replaceAll("/", "\\/")],
	["the JSON of .NET", perSign((sign) => `\\u00${hexadecimal(sign).toUpperCase()}`)],
	["the JSON of others", perSign((sign) => `\\u00${hexadecimal(sign)}`)],
	["a URL", encodeURIComponent(KEY)],
	["a URL with small letters", perSign((sign) => `%${hexadecimal(sign)}`)],
	["a URL in a URL", encodeURIComponent(encodeURIComponent(KEY))],
	["HTML", KEY.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)],
	[
		"HTML with names",
		KEY.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
	],
	["the HTML of .NET", perSign((sign) => `&#x${hexadecimal(sign).toUpperCase()};`)],
	["the HTML of PHP", perSign((sign) => `&#0${sign.charCodeAt(0)};`)],
	["base64", Buffer.from(KEY).toString("base64")],
	["base64 in the JSON of PHP", Buffer.from(`?${KEY}`).toString("base64").slice(2).replaceAll("/", "\\/")],
];

describe("a secret that is known", () => {
	it.each(SPELLINGS)("is hidden in the spelling of %s", (_what, spelling) => {
		expect(redact(`no ${spelling} here`)).toMatch(/^no [\w+=\\/]{0,4}\[secret\][\w+=\\/]{0,4} here$/);
	});

	it("is hidden whole when another one is its beginning", () => {
		for (const secret of ["acme-gateway", "acme-gateway-prod-7f3a", "acme-gateway-pr"]) new Secret(secret);
		expect(redact("bad acme-gateway-prod-7f3a, acme-gateway")).toBe("bad [secret], [secret]");
	});

	it("is hidden by halves, unless they are short enough to be words", () => {
		new Secret("kid-1111-2222:part-3333-4444:studio");
		expect(redact("part-3333-4444 is not of kid-1111-2222 at studio")).toBe("[secret] is not of [secret] at studio");
	});

	it("is forgotten after a hundred others when it came with a request, unless it is a setting too", () => {
		new Secret("canary-of-settings");
		rememberPassingSecret("canary-of-settings");
		rememberPassingSecret("canary-of-first-request");
		rememberPassingSecret("canary-of-second-request");
		for (let index = 0; index < 98; index += 1) rememberPassingSecret(`passing-${index}-value`);
		rememberPassingSecret("canary-of-first-request");
		rememberPassingSecret("passing-98-value");
		const text = "canary-of-settings canary-of-first-request canary-of-second-request passing-98-value";
		expect(redact(text)).toBe("[secret] [secret] canary-of-second-request [secret]");
	});
});

describe("a secret that nobody registered", () => {
	it.each([
		"https://v.volces.com/a.mp4?X-Tos-Algorithm=A&X-Tos-Signature=canary0123&x=1",
		"https://b.oss.aliyuncs.com/a.mp4?x-oss-credential=AK&x-oss-signature=canary0123",
		"https://b.cos.example/a.mp4?q-ak=AKID&q-signature=canary0123",
		"https://cdn.example/a.mp4?auth_key=1700-0-0-canary0123",
		"https://cdn.example/a.mp4?jwt=canary0123&auth=canary0123",
		"https://cdn.example/a.mp4?client_secret=canary0123&password=canary0123",
		"https://cdn.example/a.mp4?hdnea=exp=17~hmac=canary0123",
		"https://cdn.example/a.mp4?Policy=canary0123&Signature=canary0123&Key-Pair-Id=K1",
		"https://cdn.example/a.mp4?subscription-key=canary0123",
		"https://cdn.example/a.mp4?ksToken=canary0123&pkey=canary0123",
		"https://me.example/hook?secret=canary0123",
		"https://x.example/a?a=1\\u0026X-Amz-Signature=canary0123",
		"https://x.example/a?a=1\\u0026X-Amz-Signature\\u003dcanary0123",
		"https://x.example/a?a=1&amp;X-Amz-Signature=canary0123",
		"url=https%3A%2F%2Fx.example%2Fa%3Fa%3D1%26X-Amz-Signature%3Dcanary0123",
	])("is hidden in the query of a URL: %s", (text) => {
		expect(redact(text)).not.toContain("canary");
		expect(redact(text)).toContain(text.slice(0, 12));
	});

	it.each([
		["https://user:can@ary@host/x", "https://[secret]@host/x"],
		["https://user:can:ary@host/x", "https://[secret]@host/x"],
		["https:\\/\\/user:canary@host\\/x", "https:\\/\\/[secret]@host\\/x"],
		["https://host/@user and https://host?to=a@b.example", "https://host/@user and https://host?to=a@b.example"],
	])("is hidden before the host of a URL: %s", (text, expected) => {
		expect(redact(text)).toBe(expected);
	});

	it.each([
		"authorization: ApiKey canary0123",
		"Authorization: Token canary0123",
		'{"Authorization":"Token canary0123"}',
		'{\\"authorization\\":\\"Digest canary0123\\"}',
		"authorization: canary0123 rejected",
		'{"civitai_api_token":"canary0123","hf_token":"canary0123"}',
		'{"password":"canary0123","client_secret":"canary0123","private_key":"canary0123"}',
		"x-forwarded-authorization: canary0123; my-x-key: canary0123; db_password=canary0123",
		"GEMINI_API_KEY=canary0123 HF_TOKEN=canary0123",
		"api_org_canary0123",
		"bad assertion eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJjYW5hcnkifQ.canary0123",
		JSON.stringify({ key: "-----BEGIN RSA PRIVATE KEY-----\ncanary0123\n-----END RSA PRIVATE KEY-----" }),
	])("is hidden behind its name, or by its shape: %s", (text) => {
		expect(redact(text)).not.toMatch(/canary|Y2FuYXJ5|jYW5hcn/);
		expect(redact(text)).toContain("[secret]");
	});

	it.each([
		`{"token":"rl1.efyvUukVeyJqIjoiam9iXzBhendjazNkY3FtbTA1Nnd2YXFkMWozY2QiLCJwIjoiZmFrZSJ9"}`,
		"token: rl1.eyJqIjoiam9iXzBhendjazNkY3FtbTA1Nnd2YXFkMWozY2QiLCJwIjoiZmFrZSJ9",
		"authorization: field required; x-api-key: is required",
		"the passwords, tokens and keys of the client; a token: short",
	])("is not seen in what reelay itself prints: %s", (text) => {
		expect(redact(text)).toBe(text);
	});
});

describe("inline media", () => {
	const base64 = "iVBORw0/KGgo+".repeat(12);

	it.each([
		["JSON", JSON.stringify({ i: `data:image/png;base64,${base64}` })],
		["the JSON of PHP", JSON.stringify({ i: `data:image/png;base64,${base64}` }).replaceAll("/", "\\/")],
		["the same in a text", JSON.stringify({ i: `data:image/png;base64,${base64}`.replaceAll("/", "\\/") })],
		["the JSON of .NET", `{"i":"data:image/png;base64,${base64.replaceAll("+", "\\u002B")}"}`],
		["a URL", `{"i":"${encodeURIComponent(`data:image/svg+xml;base64,${base64}`)}"}`],
		["a type with a parameter", `{"i":"data:image/svg+xml;charset=utf-8;base64,${base64}"}`],
	])("is left out in the spelling of %s", (_what, text) => {
		expect(redact(text)).toBe('{"i":"data:[media]"}');
	});

	it("is left out also when the text is cut to its beginning", () => {
		const text = `data:image/png;base64,${base64.repeat(5_000)} is broken: ${KEY}`;
		expect(redactStart(text)).toBe("data:[media] is broken: [secret]");
	});
});

describe("the beginning of a long text", () => {
	it("has no half of a secret that was cut", () => {
		for (let length = 16_370; length < 20_500; length += 7) {
			const start = redactStart(`${"word ".repeat(length / 5)}${KEY}${" more".repeat(3_000)}`);
			expect(start).not.toMatch(/sb\+|Xy12|QwEr/);
			expect(start.length).toBeLessThanOrEqual(16_384);
		}
	});

	it("has no half of one either when whole ones before it made it shorter", () => {
		for (let offset = 0; offset <= KEY.length; offset += 1) {
			expect(redactStart(`${"x".repeat(offset)} ${`${KEY} `.repeat(2_000)}`)).not.toMatch(/sb\+|Xy12|QwEr/);
		}
	});

	it("is looked at in bounded time, and so is a whole text", () => {
		const begun = performance.now();
		for (const part of [
			"a.",
			"x-",
			"a-",
			"a+",
			"key ",
			"x-a:",
			"a://",
			"?a",
			"&amp;",
			"%25",
			"\\",
			"eyJ-",
			"eyJa.",
			"data:a/a;",
		]) {
			redactStart(part.repeat(2_000_000 / part.length));
			redact(part.repeat(65_536 / part.length));
		}
		expect(performance.now() - begun).toBeLessThan(2_000);
	});
});
