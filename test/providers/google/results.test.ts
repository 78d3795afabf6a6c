import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue, OperationStatus } from "../../../src/provider/index.ts";
import { TINY_VIDEO } from "../../../src/testing/index.ts";
import { startContext } from "../../../src/testing/trial.ts";
import { answering, google, noFetch } from "./support.ts";

const KEY = "gemini-key-for-tests";
const VERTEX = { GOOGLE_VERTEX_API_KEY: "vertex-key-for-tests", GOOGLE_CLOUD_PROJECT: "p-1" };
const GATEWAY = { GEMINI_API_KEY: KEY, GOOGLE_BASE_URL: "https://gateway.example/gemini" };
const data = Buffer.from(TINY_VIDEO).toString("base64");
const bytes = { kind: "bytes", data: new Uint8Array(TINY_VIDEO) };
const operation = "projects/p-1/locations/us-central1/publishers/google/models/veo-3.1-generate-001/operations/0a-1";

async function look(
	variables: Readonly<Record<string, string>>,
	handle: JsonObject,
	answer: JsonValue,
	status = 200,
): Promise<OperationStatus> {
	const { fetch } = answering(answer, { status });
	return google(variables).status(handle, { ...startContext(), fetch });
}
const interaction = (answer: JsonObject) => look({ GEMINI_API_KEY: KEY }, { via: "gemini", id: "v1_a" }, answer);
const prediction = (response: JsonObject) => look(VERTEX, { via: "vertex", operation }, { done: true, response });
const gateway = (response: JsonObject) =>
	look(GATEWAY, { via: "gateway", operation: "operations/x" }, { done: true, response });
const output = (...content: readonly JsonObject[]) => [{ type: "model_output", content }];

describe("an interaction", () => {
	it.each<[string, JsonObject, object]>([
		["queued", { status: "queued" }, { state: "queued" }],
		["in progress", { status: "in_progress" }, { state: "running" }],
		["in a state of tomorrow", { status: "rendering" }, { state: "running" }],
		["named as no state is", { status: "constructor" }, { state: "running" }],
		["waiting for an answer", { status: "requires_action" }, { state: "failed", kind: "internal" }],
		["stopped in the middle", { status: "requires_continuation" }, { state: "failed", kind: "internal" }],
		["over its budget", { status: "budget_exceeded" }, { state: "failed", kind: "internal", billed: "unknown" }],
		["cancelled", { status: "cancelled" }, { state: "failed", kind: "cancelled", billed: "unknown" }],
		[
			"refused by its error",
			{ status: "failed", errors: [{ code: "SAFETY", message: "no" }] },
			{ state: "failed", kind: "refused", reason: "no" },
		],
		[
			"refused in words",
			{ status: "completed", steps: output({ type: "text", text: "I cannot show\nthat." }) },
			{ state: "failed", kind: "refused", reason: "I cannot show that." },
		],
		[
			"failed after its video was made",
			{
				status: "failed",
				error: { code: 13, message: "gone" },
				usage: { output_tokens_by_modality: [{ modality: "VIDEO", tokens: 9 }] },
			},
			{ state: "failed", kind: "internal", billed: "yes" },
		],
		["complete without anything", { status: "completed" }, { state: "failed", kind: "internal", billed: "unknown" }],
		[
			"complete with what is no base64",
			{ status: "completed", steps: output({ type: "video", data: "*" }) },
			{ state: "failed", kind: "internal" },
		],
	])("that is %s is so", async (_what, answer, expected) => {
		expect(await interaction(answer)).toMatchObject(expected);
	});

	it("has its video inline, in a step or beside them", async () => {
		const steps = output({ type: "text", text: "Here:" }, { type: "video", data });
		expect(await interaction({ status: "completed", steps })).toEqual({ state: "succeeded", assets: [bytes] });
		const answer = { status: "completed", output_video: { type: "video", data } };
		expect(await interaction(answer)).toEqual({ state: "succeeded", assets: [bytes] });
	});

	it("that had ended is not cancelled, however large its video", async () => {
		const answer = { status: "completed", output_video: { type: "video", data: "A".repeat(5_000_000) } };
		const { fetch } = answering(answer);
		const provider = google({ GEMINI_API_KEY: KEY });
		expect(await provider.cancel?.({ via: "gemini", id: "v1_a" }, { ...startContext(), fetch })).toBe("finished");
	});

	it("that Google calls a bad request by its name is not known any more; any other goes on", async () => {
		const answer = (message: string) => [{ error: { code: 400, message, status: "INVALID_ARGUMENT" } }];
		const handle = { via: "gemini", id: "v1_a" };
		const lookAt = (message: string) => look({ GEMINI_API_KEY: KEY }, handle, answer(message), 400);
		await expect(lookAt("Invalid interaction name: v1_a")).rejects.toMatchObject({ code: "operation_not_found" });
		await expect(lookAt("try again")).rejects.toMatchObject({ code: "provider_error", retryable: true });
	});
});

describe("the address of a video", () => {
	const headers = { "x-goog-api-key": KEY };
	const addressed = async (uri: string) => {
		const status = await interaction({ status: "completed", steps: output({ type: "video", uri }) });
		return status.state === "succeeded" ? status.assets[0] : undefined;
	};

	it("gets the key at the service's own origin, and asks for the file itself", async () => {
		const origin = "https://generativelanguage.googleapis.com";
		expect(await addressed(`${origin}/v1/files/abc:download`)).toEqual({
			kind: "url",
			url: `${origin}/v1/files/abc:download?alt=media`,
			headers,
			credentialOrigins: [origin],
		});
	});

	it.each([
		"https://storage.example/video.mp4?sig=1",
		"https://generativelanguage.googleapis.com.evil.example/v1/files/abc:download",
		"http://generativelanguage.googleapis.com/v1/files/abc",
	])("gets no key at %s", async (url) => {
		expect(await addressed(url)).toEqual({ kind: "url", url });
	});

	it.each(["file:///etc/passwd", "gs://bucket", "video.mp4", ""])("is none when it is %j", async (uri) => {
		expect(await addressed(uri)).toBeUndefined();
	});

	it("in a bucket is fetched from Cloud Storage with the account, whatever is in its name", async () => {
		const uri = "gs://my-bucket/a folder/../x?y#z.mp4";
		expect(await prediction({ videos: [{ gcsUri: uri }] })).toMatchObject({
			assets: [
				{
					url: "https://storage.googleapis.com/storage/v1/b/my-bucket/o/a%20folder%2F..%2Fx%3Fy%23z.mp4?alt=media",
					headers: { "x-goog-api-key": VERTEX.GOOGLE_VERTEX_API_KEY },
					credentialOrigins: ["https://storage.googleapis.com"],
				},
			],
		});
		const variables = { ...VERTEX, GOOGLE_BASE_URL: "https://proxy.example/google/" };
		const answer = { done: true, response: { videos: [{ gcsUri: "gs://my-bucket/o.mp4" }] } };
		expect(await look(variables, { via: "vertex", operation }, answer)).toMatchObject({
			assets: [{ url: "https://proxy.example/google/storage/v1/b/my-bucket/o/o.mp4?alt=media" }],
		});
	});

	it("at Google is that at the gateway, whose key is worth nothing at Google", async () => {
		const uri = "https://generativelanguage.googleapis.com/v1beta/files/abc:download?alt=media";
		expect(await gateway({ generateVideoResponse: { generatedSamples: [{ video: { uri } }] } })).toEqual({
			state: "succeeded",
			assets: [
				{
					kind: "url",
					url: "https://gateway.example/gemini/v1beta/files/abc:download?alt=media",
					headers,
					credentialOrigins: ["https://gateway.example"],
				},
			],
		});
	});
});

describe("an operation of Veo", () => {
	it.each<[string, JsonObject, object]>([
		["not done", { name: operation }, { state: "running" }],
		["not done, with an error of the moment", { error: { code: 14 } }, { state: "running" }],
		["failed with a code of google.rpc", { done: true, error: { code: 3, message: "bad" } }, { kind: "invalid" }],
		["failed with a status of HTTP", { done: true, error: { code: 504 } }, { kind: "expired" }],
		["failed for lack of room", { done: true, error: { code: 8, message: "busy" } }, { kind: "internal" }],
		[
			"refused by its error",
			{ done: true, error: { code: 3, message: "The prompt contains sensitive words that violate our policies." } },
			{ kind: "refused" },
		],
		[
			"refused, which is no error",
			{ done: true, response: { raiMediaFilteredCount: 1, raiMediaFilteredReasons: ["faces of children"] } },
			{ state: "failed", kind: "refused", reason: "faces of children", billed: "unknown" },
		],
		["done without anything", { done: true }, { state: "failed", kind: "internal", billed: "unknown" }],
	])("that is %s is so", async (_what, answer, expected) => {
		expect(await look(VERTEX, { via: "vertex", operation }, answer)).toMatchObject(expected);
	});

	it("that was filtered in part has the rest, and says so", async () => {
		const partly = {
			videos: [{ bytesBase64Encoded: data }],
			raiMediaFilteredCount: 1,
			raiMediaFilteredReasons: ["a face"],
		};
		expect(await prediction(partly)).toEqual({
			state: "succeeded",
			assets: [bytes],
			warnings: ["result: Google filtered 1 of 2 videos: a face"],
		});
	});

	it("cannot be cancelled, which is said without a request", async () => {
		const context = { ...startContext(), fetch: noFetch };
		expect(await google(VERTEX).cancel?.({ via: "vertex", operation }, context)).toBe("unsupported");
	});
});
