import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { isVideoError } from "../../../src/errors/index.ts";
import type { InputImage, JsonValue } from "../../../src/provider/index.ts";
import { TINY_IMAGE } from "../../../src/testing/index.ts";
import { startContext } from "../../../src/testing/trial.ts";
import { answering, asked, google } from "./support.ts";

const KEY = "AIzaCanaryKeyOfTheErrors0123456789";
const photo: InputImage = { ...TINY_IMAGE, data: Buffer.from("a canary, and not for other eyes ".repeat(20)) };
const base64 = Buffer.from(photo.data).toString("base64");
const omni = "gemini-omni-1.2-flash";

async function refusal(status: number, json: JsonValue, headers: Record<string, string> = {}) {
	const { fetch, seen } = answering(json, { status, headers });
	const request = asked(omni, { task: "image-to-video", image: photo });
	const started = google({ GEMINI_API_KEY: KEY }).start(request, { ...startContext(), fetch });
	const error: unknown = await started.catch((thrown: unknown) => thrown);
	expect(seen).toHaveLength(1);
	return error;
}

const invalidKey = { reason: "API_KEY_INVALID", domain: "googleapis.com" };
const exhausted = "You exceeded your current quota, please check your plan and billing details.";

describe("a submission that Google refuses", () => {
	const cases: readonly (readonly [what: string, status: number, json: JsonValue, code: string, remedy: RegExp])[] = [
		[
			"a wrong key, which is a bad request to it",
			400,
			[
				{
					error: { code: 400, message: `API key not valid: ${KEY}`, status: "INVALID_ARGUMENT", details: [invalidKey] },
				},
			],
			"authentication",
			/check GEMINI_API_KEY/,
		],
		["no access", 403, { error: { code: 403, message: "denied" } }, "authentication", /GEMINI_API_KEY/],
		["an account without billing", 403, { error: { message: "Billing is disabled" } }, "quota_exceeded", /billing/],
		["an empty account", 429, { error: { message: exhausted } }, "quota_exceeded", /billing/],
		[
			"the last of a day",
			429,
			{
				error: {
					message: exhausted,
					details: [{ violations: [{ quotaId: "VideosPerDayPerProject" }] }, { retryDelay: "40s" }],
				},
			},
			"quota_exceeded",
			/raise it/,
		],
		[
			"a full minute",
			429,
			{ error: { message: exhausted, details: [{ retryDelay: "34.2s" }] } },
			"rate_limited",
			/later/,
		],
		[
			"its content",
			400,
			{ error: { code: "SAFETY", message: `refused: ${base64}` } },
			"content_refused",
			/change the prompt or the images/,
		],
		["a retired model", 404, { error: { message: `${omni} is no longer available` } }, "model_retired", /use google:/],
		["an unknown model", 404, { error: { message: "not found" } }, "model_not_found", /check its id/],
		[
			"a task that the model does not do",
			400,
			{ error: { code: 400, message: `image_to_video is not supported ${base64}` } },
			"provider_error",
			/correct it, or choose a model that takes it/,
		],
	];

	it.each(cases)("for %s says so and what to do", async (_what, status, json, code, remedy) => {
		const error = await refusal(status, json);
		expect(error).toMatchObject({ code, billed: "no", message: expect.stringMatching(remedy) });
		expect(String(error).split("\n")).toHaveLength(1);
	});

	it.each(cases)("for %s shows neither the key nor a picture, however it is printed", async (_what, status, json) => {
		const error = await refusal(status, json);
		const printed = [
			inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
			JSON.stringify(error),
			isVideoError(error) ? error.stack : "",
			String(error),
		].join("\n");
		expect(printed).not.toContain(KEY);
		expect(printed).not.toContain(base64.slice(0, 120));
		expect(error).not.toHaveProperty("cause");
	});

	it("for now says how long to wait, by its header or by its answer", async () => {
		const message = "Resource has been exhausted";
		expect(await refusal(429, { error: { message } }, { "retry-after": "7" })).toMatchObject({ retryAfterMs: 7_000 });
		const details = [{ retryDelay: "34.2s" }];
		expect(await refusal(429, { error: { message, details } })).toMatchObject({
			retryAfterMs: 34_200,
			retryable: true,
		});
	});

	it("for a field that is named safety is not taken for a refusal of content", async () => {
		const message = "safety_settings: unknown field";
		expect(await refusal(400, { error: { code: 400, message } })).toMatchObject({ code: "provider_error" });
	});

	it("names the gateway's key at a gateway, and the account on Vertex", async () => {
		const { fetch } = answering({ error: { code: 403, message: "no" } }, { status: 403 });
		const start = (variables: Readonly<Record<string, string>>) =>
			google(variables).start(asked(omni), { ...startContext(), fetch });
		const gateway = { GEMINI_API_KEY: KEY, GOOGLE_BASE_URL: "https://gateway.example" };
		await expect(start(gateway)).rejects.toThrow(/holds the gateway's key/);
		await expect(start({ GOOGLE_VERTEX_API_KEY: KEY })).rejects.toThrow(/GOOGLE_VERTEX_API_KEY or the account/);
	});
});
