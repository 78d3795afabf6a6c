import { Console } from "node:console";
import { randomBytes } from "node:crypto";
import { Writable } from "node:stream";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { InferenceProviderId } from "../../../providers/huggingface/inference-providers.ts";
import type { JsonValue, ProviderRequest, VideoTask } from "../../../src/provider/index.ts";
import { createScriptedService, type Fault, faults, TINY_IMAGE } from "../../../src/testing/index.ts";
import { startContext } from "../../../src/testing/trial.ts";
import { huggingfaceDialect } from "./dialect.ts";
import { asked, huggingface, TOKEN } from "./subject.ts";

const MODEL = "somebody/new-model";
const PICTURE = { ...TINY_IMAGE, data: randomBytes(4_000) };
const BASE64 = PICTURE.data.toString("base64");

const refusal = (status: number, json: JsonValue): Fault =>
	faults.body(JSON.stringify(json), "application/json", "before-commit", status);

/** The error of a submission that meets a fault. */
async function errorOf(
	fault: Fault,
	at: InferenceProviderId = "fal-ai",
	credentials: Readonly<Record<string, string>> = { HF_TOKEN: TOKEN },
	task: VideoTask = "text-to-video",
): Promise<unknown> {
	await using service = await createScriptedService({ dialect: huggingfaceDialect(at, task) });
	service.next("submit", fault);
	const picture: Partial<ProviderRequest> = task === "image-to-video" ? { task, image: PICTURE } : {};
	try {
		await huggingface(service.baseUrl, { credentials }).start(asked(MODEL, picture), startContext());
	} catch (error) {
		expect(service.requests.at(-1)?.call).toBe("submit");
		return error;
	}
	return expect.unreachable("it was accepted");
}

describe("a submission that Hugging Face refuses", () => {
	it.each<[number, JsonValue, string, RegExp]>([
		[401, { error: "Invalid username or password." }, "authentication", /refused HF_TOKEN \(Invalid.*settings\/tokens/],
		[403, { error: "insufficient permissions" }, "authentication", /"Make calls to Inference Providers"/],
		[
			402,
			{ error: "You have exceeded your monthly included credits" },
			"quota_exceeded",
			/exceeded.*settings\/billing/,
		],
		[404, { error: "Model not supported by provider fal-ai" }, "model_not_found", /name another inference provider/],
		[429, { error: "slow down" }, "rate_limited", /slow down; try later/],
		[
			422,
			{ detail: [{ loc: ["body", "seed"], msg: "too large", type: "int" }] },
			"provider_error",
			/seed: too large; correct it/,
		],
		[
			422,
			{ detail: [{ loc: ["body", "prompt"], msg: "no", type: "content_policy_violation" }] },
			"content_refused",
			/fal-ai refused the content: prompt: no; change the prompt/,
		],
		[400, { message: "flagged by moderation" }, "content_refused", /flagged by moderation/],
	])("with %i and %j says what to do", async (status, json, code, message) => {
		const error = await errorOf(refusal(status, json));
		expect(error).toMatchObject({ code, billed: "no", message: expect.stringMatching(message) });
		expect((error as Error).message).not.toContain("\n");
	});

	it.each<[number, string, RegExp]>([
		[401, "authentication", /novita refused NOVITA_API_KEY \(no\); check that it is a key of novita/],
		[402, "quota_exceeded", /novita wants to be paid first \(no\); top the account at novita up/],
	])("with %i speaks of the inference provider's own key, if that was sent", async (status, code, message) => {
		const error = await errorOf(refusal(status, { message: "no" }), "novita", { NOVITA_API_KEY: "own-key-3" });
		expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
	});

	it("is told from a token that the Hub refuses, and from a model that it does not show without one", async () => {
		await using service = await createScriptedService({ dialect: huggingfaceDialect("novita", "text-to-video") });
		service.every("other", faults.status(401));
		const start = (credentials: Readonly<Record<string, string>>) =>
			huggingface(service.baseUrl, { credentials }).start(asked(MODEL), startContext());
		await expect(start({ HF_TOKEN: TOKEN })).rejects.toMatchObject({
			code: "authentication",
			billed: "no",
			message: expect.stringMatching(/^the Hub refused HF_TOKEN; create another at huggingface\.co\/settings\/tokens/),
		});
		await expect(start({ NOVITA_API_KEY: "own-key-3" })).rejects.toMatchObject({ code: "model_not_found" });
	});

	it("says what became of a prediction that the router does not show", async () => {
		await using service = await createScriptedService({ dialect: huggingfaceDialect("replicate", "text-to-video") });
		const provider = huggingface(service.baseUrl);
		const { handle } = await provider.start(asked(MODEL), startContext());
		service.next("look", faults.status(404));
		await expect(provider.status(handle, startContext())).rejects.toMatchObject({
			code: "operation_not_found",
			message: expect.stringMatching(/does not show this prediction.*use another inference provider/),
		});
	});
});

describe("an error of Hugging Face, printed in full", () => {
	const echo = { detail: `Authorization: Bearer ${TOKEN}`, message: BASE64, input: { image: BASE64 } };
	const dataUrl = { error: { message: `bad image data:image/png;base64,${BASE64}`, key: TOKEN } };
	/** So long that an error keeps some forty characters of the picture, and no more. */
	const padded = { padding: "x ".repeat(968), image: BASE64 };
	const troubles: readonly (readonly [string, Fault])[] = [
		...[400, 401, 402, 403, 404, 409, 422, 429, 500, 503].flatMap((status) =>
			[echo, dataUrl, padded].map((json, form) => [`${status}, form ${form}`, refusal(status, json)] as const),
		),
		["an answer without an id", refusal(200, echo)],
		["a page", faults.body(`<pre>${TOKEN} ${BASE64}</pre>`, "text/html")],
		["a reset", faults.reset()],
	];

	it.each(troubles)("shows no key and no picture: %s", async (_what, fault) => {
		for (const at of ["wavespeed", "fal-ai"] as const) {
			const error = await errorOf(fault, at, { HF_TOKEN: TOKEN }, "image-to-video");
			expectClean(error);
		}
	});

	it("shows none at a look either", async () => {
		await using service = await createScriptedService({ dialect: huggingfaceDialect("wavespeed", "text-to-video") });
		const provider = huggingface(service.baseUrl);
		const { handle } = await provider.start(asked(MODEL), startContext());
		for (const [, fault] of troubles) {
			service.next("look", fault);
			const error = await provider.status(handle, startContext()).catch((caught: unknown) => caught);
			expect(error).toBeInstanceOf(Error);
			expectClean(error);
		}
		const failure = { kind: "internal", reason: `${TOKEN} ${BASE64}`, billed: false } as const;
		service.next("look", faults.show({ state: "failed", failure }));
		expectClean(await provider.status(handle, startContext()));
	});
});

/** Fails when a key or a piece of the picture can be read in whatever is printed of a value. */
function expectClean(value: unknown): void {
	const chunks: string[] = [];
	const stream = new Writable({
		write(chunk, _encoding, done) {
			chunks.push(String(chunk));
			done();
		},
	});
	new Console(stream).log(value);
	chunks.push(inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null }));
	chunks.push(JSON.stringify(value), value instanceof Error ? `${value.message} ${value.stack}` : "");
	const text = chunks.join("\n");
	expect(text.includes(TOKEN.slice(3)), "the key").toBe(false);
	for (let at = 0; at + 32 <= BASE64.length; at += 4) {
		// The text itself is not shown: a test's output is read by many.
		if (text.includes(BASE64.slice(at, at + 32))) expect.unreachable(`the picture from ${at} on, of ${text.length}`);
	}
}
