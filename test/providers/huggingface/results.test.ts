import { describe, expect, it } from "vitest";
import { look, readHandle } from "../../../providers/huggingface/protocols/index.ts";
import type { JsonValue, OperationStatus } from "../../../src/provider/index.ts";
import type { HttpAnswer } from "../../../src/provider-kit/index.ts";

const FILE = "https://files.example/a.mp4";

/** What a job is, when its looks are answered with these. */
async function seen(handle: JsonValue, ...answers: readonly (JsonValue | readonly [number, JsonValue])[]) {
	const left = [...answers];
	return look(readHandle(handle), async (): Promise<HttpAnswer> => {
		const next = left.shift() ?? null;
		const [status, json] = Array.isArray(next) ? (next as [number, JsonValue]) : [200, next as JsonValue];
		return { status, json, headers: new Headers() };
	});
}

type Seen = readonly [what: string, answers: readonly (JsonValue | readonly [number, JsonValue])[], expected: object];
const asset = { state: "succeeded", assets: [{ kind: "url", url: FILE }] };

describe.each<[string, JsonValue, readonly Seen[]]>([
	[
		"fal-ai",
		{ at: "fal-ai", route: "router", id: "r-1", app: "fal-ai/wan" },
		[
			["done", [{ status: "COMPLETED" }, { video: { url: FILE } }], asset],
			["done, with a list", [{ status: "COMPLETED" }, { videos: [{ url: FILE }] }], asset],
			[
				"done, with its size",
				[{ status: "COMPLETED" }, { video: { url: FILE, file_size: 9 } }],
				{ assets: [{ sizeBytes: 9 }] },
			],
			["done without a video", [{ status: "COMPLETED" }, { seed: 7 }], { kind: "internal", billed: "unknown" }],
			["not ready", [{ status: "COMPLETED" }, [500, { detail: "Request is still in progress" }]], { state: "running" }],
			["unknown", [{ status: "FAILED" }], { state: "running" }],
			[
				"refused",
				[
					{ status: "COMPLETED" },
					[422, { detail: [{ loc: ["body", "prompt"], msg: "no", type: "content_policy_violation" }] }],
				],
				{ kind: "refused", reason: "prompt: no", billed: "unknown" },
			],
			[
				"announced in the queue",
				[
					{ status: "COMPLETED", error: "broke", error_type: "runner_x" },
					[400, { detail: "Request is still in progress" }],
				],
				{ kind: "internal", reason: "broke" },
			],
			[
				"broken",
				[{ status: "COMPLETED" }, [503, { detail: "No answer", error_type: "runner_disconnected" }]],
				{ kind: "internal", reason: "No answer" },
			],
		],
	],
	[
		"replicate",
		{ at: "replicate", route: "router", id: "p1" },
		[
			["done, with a text", [{ id: "p1", status: "succeeded", output: FILE }], asset],
			["done, with a list", [{ id: "p1", status: "succeeded", output: [FILE] }], asset],
			["done, with an object", [{ id: "p1", status: "succeeded", output: { video: FILE } }], asset],
			[
				"not done, with an output",
				[{ id: "p1", status: "processing", output: FILE, logs: "a\n50%" }],
				{ state: "running", message: "50%" },
			],
			["dropped", [{ id: "p1", status: "aborted" }], { kind: "expired", billed: "no" }],
			["refused", [{ id: "p1", status: "failed", error: "NSFW content" }], { kind: "refused" }],
		],
	],
	[
		"novita",
		{ at: "novita", route: "router", id: "t1" },
		[
			["done", [{ task: { status: "TASK_STATUS_SUCCEED" }, videos: [{ video_url: FILE }] }], asset],
			[
				"done in an old shape",
				[{ task: { status: "TASK_STATUS_SUCCEED" }, video: { video_url: FILE } }],
				{ kind: "internal" },
			],
			["failed without a word", [{ task: { status: "TASK_STATUS_FAILED" } }], { reason: "no reason was given" }],
		],
	],
	[
		"wavespeed",
		{ at: "wavespeed", route: "router", id: "w1" },
		[
			["done", [{ data: { status: "completed", outputs: [FILE] } }], asset],
			[
				"partly refused",
				[{ data: { status: "completed", outputs: [FILE], has_nsfw_contents: [false, true] } }],
				{ ...asset, warnings: [expect.stringMatching(/^1 of 2 videos/)] },
			],
			["refused", [{ data: { status: "completed", outputs: [], has_nsfw_contents: [true] } }], { kind: "refused" }],
			[
				"failed with a mark",
				[{ data: { status: "failed", error: "no", has_nsfw_contents: [true] } }],
				{ kind: "refused" },
			],
		],
	],
	[
		"together",
		{ at: "together", route: "router", id: "v1" },
		[
			["done", [{ id: "v1", status: "completed", outputs: { video_url: FILE } }], asset],
			["without a word", [{ id: "v1" }], { state: "running" }],
			[
				"refused by code",
				[{ id: "v1", status: "failed", error: { message: "no", code: "content_moderation" } }],
				{ kind: "refused", reason: "no" },
			],
		],
	],
])("a job at %s", (_at, handle, cases) => {
	it.each(cases)("that is %s is understood", async (_what, answers, expected) => {
		const status: OperationStatus = await seen(handle, ...answers);
		expect(status).toMatchObject(expected);
	});
});

describe("a result at fal-ai", () => {
	it.each<[number, JsonValue]>([
		[500, { detail: "Internal Server Error" }],
		[500, { error: { message: "upstream", code: "internal" } }],
		[503, { detail: "busy", error_type: "service_unavailable" }],
	])("is asked for again after status %d with %j, which a gateway may say", async (status, json) => {
		const handle = { at: "fal-ai", route: "router", id: "r-1", app: "fal-ai/wan" };
		const looked = seen(handle, { status: "COMPLETED" }, [status, json]);
		await expect(looked).rejects.toMatchObject({ code: "provider_error", retryable: true, billed: "unknown", status });
	});
});

describe("a handle of Hugging Face", () => {
	it.each<[string, JsonValue]>([
		["no inference provider", { at: "hf-inference", route: "router", id: "a" }],
		["no way", { at: "novita", id: "a" }],
		["a URL", { at: "novita", route: "router", id: "a", url: "https://evil.example" }],
		["an app that is none", { at: "fal-ai", route: "router", id: "a", app: "fal-ai/../x" }],
		["an app where there is none", { at: "together", route: "router", id: "a", app: "a/b" }],
	])("with %s is refused", (_what, handle) => {
		expect(() => readHandle(handle)).toThrow(/not one that this provider gives out/);
	});
});
