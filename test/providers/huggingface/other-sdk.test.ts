import { afterEach, describe, expect, it, vi } from "vitest";
import { createScriptedService, TINY_IMAGE } from "../../../src/testing/index.ts";
import { startContext } from "../../../src/testing/trial.ts";
import { huggingfaceDialect } from "./dialect.ts";
import { asked, huggingface, TOKEN } from "./subject.ts";

const ROUTED = "https://router.huggingface.co/fal-ai/owner/app";
const PICTURE = TINY_IMAGE.data.toString();

/** What a submission ends with when the SDK builds requests like this. */
async function errorWith(makeRequestOptionsFromResolvedModel: () => unknown): Promise<Error> {
	vi.doMock("@huggingface/inference", () => ({
		getProviderHelper: () => ({ preparePayloadAsync: async (args: unknown) => args }),
		makeRequestOptionsFromResolvedModel,
	}));
	await using service = await createScriptedService({ dialect: huggingfaceDialect("fal-ai", "text-to-video") });
	const started = huggingface(service.baseUrl).start(asked("somebody/new-model"), startContext());
	const error = await started.catch((caught: unknown) => caught);
	expect(service.posts).toBe(0);
	expect(error).toMatchObject({ billed: "no" });
	return error as Error;
}

afterEach(() => {
	vi.doUnmock("@huggingface/inference");
});

describe("an SDK that has changed", () => {
	const built = (url: string, body: string) => ({ url, info: { method: "POST", headers: {}, body } });

	it("sends the key to no other service", async () => {
		for (const url of ["https://elsewhere.example/fal-ai/owner/app", ROUTED.replace("/fal-ai", "/novita")]) {
			const error = await errorWith(() => built(url, '{"prompt":"Waves"}'));
			expect(error.message).toMatch(/leads to another service than fal-ai; nothing was sent/);
		}
	});

	it("drops nothing in silence", async () => {
		expect((await errorWith(() => built(ROUTED, "{}"))).message).toMatch(/prompt: a request to fal-ai has no place/);
		expect((await errorWith(() => built(ROUTED, "no JSON"))).message).toMatch(/is not JSON; nothing was sent/);
	});

	it("shows nothing of the request in its errors", async () => {
		const error = await errorWith(() => {
			throw Object.assign(new TypeError(`bad ${PICTURE}`), { httpRequest: { key: TOKEN, body: PICTURE } });
		});
		expect(error.message).toMatch(/made no request for fal-ai \(TypeError\); nothing was sent/);
		expect(error.cause).toBeUndefined();
		expect(Object.keys(error)).not.toContain("httpRequest");
	});
});
