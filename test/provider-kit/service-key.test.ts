import { describe, expect, it } from "vitest";
import { accountFingerprint, checkKey, requireKey, Secret } from "../../src/provider-kit/index.ts";

const KEY = { name: "STUDIO_API_KEY", remedy: "create a key at studio.example/keys" };
const set = { credentials: { STUDIO_API_KEY: new Secret("studio-key-0123456789") } };
const unset = { credentials: {} };

describe("the key of a service", () => {
	it("is the one in its variable", () => {
		expect(requireKey(set, KEY).reveal()).toBe("studio-key-0123456789");
		expect(checkKey(set, KEY, "https://studio.example/v1?a=b")).toEqual({
			usable: true,
			detail: "STUDIO_API_KEY is set; requests go to https://studio.example",
		});
	});

	it("is missed with its name and the remedy", () => {
		const detail = "STUDIO_API_KEY is not set; create a key at studio.example/keys";
		expect(() => requireKey(unset, KEY)).toThrow(expect.objectContaining({ code: "configuration", message: detail }));
		expect(checkKey(unset, KEY, "https://studio.example")).toEqual({ usable: false, detail });
		expect(accountFingerprint(undefined)).toBeUndefined();
	});
});
