import { describe, expect, it } from "vitest";
import { redact } from "../../src/errors/index.ts";
import { recordedRequest } from "../../src/service/recorded-request.ts";

function withOptions(options: Record<string, unknown>): Parameters<typeof recordedRequest>[0] {
	return { prompt: "a kite", providerOptions: { replicate: options } } as Parameters<typeof recordedRequest>[0];
}

describe("the request in the ledger", () => {
	it("is whole when it holds no secret", () => {
		const request = withOptions({ style: "anime", max_tokens: 7, webhook: "https://me.example/hook?job=7" });
		expect(recordedRequest(request)).toEqual(request);
	});

	it.each([
		{ civitai_api_token: "canary-1-0123456789" },
		{ hf_token: "canary-2-0123456789" },
		{ password: "canary-3" },
		{ client_secret: "canary-4" },
		{ token: "canary-5" },
		{ webhook: { auth: { user: "canary-6", words: ["canary-7"] } } },
	])("is not kept when the model is given a credential, which is hidden from then on: %j", (options) => {
		expect(recordedRequest(withOptions(options))).toBeUndefined();
		const echo = JSON.stringify(Object.values(options)).replaceAll("user", "name");
		expect(echo).toContain("canary");
		expect(redact(echo)).not.toContain("canary");
	});

	it.each([
		"https://bucket.tos.volces.com/a.png?X-Tos-Credential=AK&X-Tos-Signature=canary",
		"https://b.oss-cn.aliyuncs.com/a.png?x-oss-signature=canary",
		"https://cdn.example/a.png?auth_key=canary",
		"https://me.example/hook?secret=canary",
	])("is not kept when a URL in it is signed: %s", (url) => {
		expect(recordedRequest(withOptions({ start_image: url }))).toBeUndefined();
	});

	it("is not kept when a credential is too short to be hidden elsewhere", () => {
		expect(recordedRequest(withOptions({ password: "abc" }))).toBeUndefined();
		expect(redact("abc")).toBe("abc");
	});
});
