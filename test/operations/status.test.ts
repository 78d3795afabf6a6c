import { describe, expect, it } from "vitest";
import type { OperationStatus } from "../../src/provider/index.ts";
import { FakeProvider, SUCCEEDED } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";

const failed = (kind: "cancelled" | "internal"): OperationStatus => ({
	state: "failed",
	kind,
	billed: "no",
	reason: "the service said so",
});

describe("a look at a job", () => {
	it.each<[string, OperationStatus, object]>([
		["runs", { state: "running", progress: 0.5 }, { state: "running", progress: 0.5 }],
		["waits", { state: "queued", queuePosition: 3 }, { state: "running", queuePosition: 3 }],
		["has ended well", SUCCEEDED, { state: "generated" }],
		["was stopped there", failed("cancelled"), { state: "cancelled", reason: "the service said so" }],
		["failed there", failed("internal"), { state: "failed", reason: "the service said so" }],
	])("tells when it %s, and submits nothing", async (_what, status, expected) => {
		const provider = new FakeProvider({ looks: [() => status] });
		const { videos } = await testService({ providers: [provider] });
		const job = await videos.submit({ prompt: "a kite" }, { model: "fake:one" });
		expect(await job.look()).toMatchObject(expected);
		expect(provider.posts).toBe(1);
	});
});
