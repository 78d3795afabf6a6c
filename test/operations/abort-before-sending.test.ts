import { describe, expect, it } from "vitest";
import type { Fetch, ProviderRequest, StartContext, StartResult } from "../../src/provider/index.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";

const prompt = "a kite";

/** A service that is asked something before the submission, by the `fetch` that it was given. */
class AskingProvider extends FakeProvider {
	override async start(request: ProviderRequest, context: StartContext): Promise<StartResult> {
		const { fetch, signal } = context;
		await fetch("http://service.test/mapping", { signal });
		await context.recordMark("mark");
		await fetch("http://service.test/videos", { method: "POST", body: "{}", signal });
		await fetch("http://service.test/videos/1", { signal });
		return super.start(request, context);
	}
}

/** A submission during which `abortAt` is the request in which the user gives up. */
async function submitted(abortAt: string | undefined) {
	const controller = new AbortController();
	const asked: string[] = [];
	const stopped: string[] = [];
	const answer: Fetch = async (input, init) => {
		const name = `${init?.method ?? "GET"} ${new URL(String(input)).pathname}`;
		asked.push(name);
		if (name === abortAt) controller.abort();
		if (init?.signal?.aborted === true) stopped.push(name);
		init?.signal?.throwIfAborted();
		return new Response("{}");
	};
	const provider = new AskingProvider();
	const { videos } = await testService({ providers: [provider], fetch: answer });
	const outcome = await videos
		.submit({ prompt }, { model: "fake:one", signal: controller.signal })
		.catch((error: unknown) => error);
	return { asked, stopped, outcome, jobs: await videos.jobs() };
}

describe("an abort", () => {
	it("while a look before the submission is on its way ends it: nothing is sent, nothing is billed", async () => {
		const { asked, stopped, outcome, jobs } = await submitted("GET /mapping");
		expect([asked, stopped]).toEqual([["GET /mapping"], ["GET /mapping"]]);
		expect(outcome).toMatchObject({ code: "cancelled", billed: "no" });
		expect(jobs).toMatchObject([{ state: "cancelled", billed: "no" }]);
	});

	it("right before the submission goes out ends it, too", async () => {
		const controller = new AbortController();
		const asked: string[] = [];
		const answer: Fetch = async (_input, init) => {
			asked.push(init?.method ?? "GET");
			return new Response("{}");
		};
		const provider = new AskingProvider();
		const start = provider.start.bind(provider);
		provider.start = (request, context) => start(request, { ...context, recordMark: async () => controller.abort() });
		const { videos } = await testService({ providers: [provider], fetch: answer });
		await expect(videos.submit({ prompt }, { model: "fake:one", signal: controller.signal })).rejects.toMatchObject({
			code: "cancelled",
			billed: "no",
		});
		expect(asked).toEqual(["GET"]);
	});

	it("after the submission went out is not heeded: its answer is worth the wait", async () => {
		const { asked, stopped, outcome } = await submitted("POST /videos");
		expect(asked).toEqual(["GET /mapping", "POST /videos", "GET /videos/1"]);
		expect(stopped).toEqual([]);
		expect(outcome).toMatchObject({ state: "accepted" });
	});
});
