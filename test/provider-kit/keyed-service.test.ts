import { describe, expect, it } from "vitest";
import { accountFingerprint, keyedService, Secret } from "../../src/provider-kit/index.ts";

const KEY = { name: "STUDIO_API_KEY", remedy: "create a key at studio.example/keys" };
const BASE = "https://studio.example/v1?a=b";
const secret = new Secret("studio-key-0123456789");
const url = new URL("https://studio.example/v1/jobs");
const serviceWith = (scheme?: string) =>
	keyedService(
		{ credentials: { STUDIO_API_KEY: secret } },
		{ ...KEY, ...(scheme === undefined ? {} : { scheme }) },
		BASE,
	);

/** A context whose requests are answered with `text`, and the headers that were sent. */
function contextWith(text = "{}") {
	const sent: RequestInit["headers"][] = [];
	const fetch = async (_url: unknown, init?: RequestInit) => {
		sent.push(init?.headers);
		return new Response(text);
	};
	return { sent, context: { fetch, signal: new AbortController().signal } };
}

describe("a service with a key", () => {
	it.each([
		[undefined, "Bearer studio-key-0123456789"],
		["Key", "Key studio-key-0123456789"],
	])("is sent its key after the word %s, beside other headers", async (scheme, authorization) => {
		const { sent, context } = contextWith();
		for (const send of [serviceWith(scheme).submit, serviceWith(scheme).look]) {
			await send(context, { url, headers: { "x-studio": "1" } });
			expect(sent.pop()).toMatchObject({ authorization, "x-studio": "1" });
		}
		expect(serviceWith(scheme).headers()).toEqual({ authorization });
	});

	it("may answer a look with more than other requests, unless less is asked for", async () => {
		const { context } = contextWith(JSON.stringify("x".repeat(5 * 1024 * 1024)));
		expect((await serviceWith().look(context, { url })).status).toBe(200);
		await expect(serviceWith().look(context, { url, maxBytes: 100 })).rejects.toThrow(/larger than 100 bytes/);
	});

	it("can be used, and its account told from others", async () => {
		const detail = "STUDIO_API_KEY is set; requests go to https://studio.example";
		expect(serviceWith().account).toBe(accountFingerprint(secret));
		expect(await serviceWith().check()).toEqual({ usable: true, detail });
	});

	it("is missed with its name and the remedy before anything is sent", async () => {
		const detail = "STUDIO_API_KEY is not set; create a key at studio.example/keys";
		const { sent, context } = contextWith();
		const { account, check, look, submit } = keyedService({ credentials: {} }, KEY, BASE);
		for (const send of [look, submit]) {
			await expect(send(context, { url })).rejects.toMatchObject({ code: "configuration", message: detail });
		}
		expect([sent, account, await check()]).toEqual([[], undefined, { usable: false, detail }]);
	});
});
