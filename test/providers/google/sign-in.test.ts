import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type SendingReport, watchSending } from "../../../src/http/index.ts";
import type { Fetch } from "../../../src/provider/index.ts";
import { createScriptedService } from "../../../src/testing/index.ts";
import { startContext } from "../../../src/testing/trial.ts";
import { temporaryFolder } from "../../support/service.ts";
import { answering, asked, google } from "./support.ts";

const TOKEN_URL = "https://oauth2.googleapis.com/token";
const TOKEN = "ya29.token-for-tests";
const PROJECT = { GOOGLE_CLOUD_PROJECT: "p-1" };
const operation = "projects/p-1/locations/us-central1/publishers/google/models/veo-3.1-generate-001/operations/0a-1";
const { privateKey } = generateKeyPairSync("rsa", {
	modulusLength: 2048,
	privateKeyEncoding: { type: "pkcs8", format: "pem" },
	publicKeyEncoding: { type: "spki", format: "pem" },
});

/** Puts the credentials of a service account where Google's library looks for them. */
async function useServiceAccount(): Promise<void> {
	const path = join(await temporaryFolder(), "account.json");
	const account = { type: "service_account", project_id: "p-1", client_email: "a@p-1.iam.gserviceaccount.com" };
	await writeFile(path, JSON.stringify({ ...account, private_key_id: "1", private_key: privateKey }));
	vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", path);
}

/** Answers requests for tokens in one way, and all others in another. */
function withTokens(
	answerToken: () => Promise<Response>,
	fetch: Fetch,
): { readonly fetch: Fetch; readonly tokens: string[] } {
	const tokens: string[] = [];
	return {
		tokens,
		fetch: async (input, init) => {
			if (String(input) !== TOKEN_URL) return fetch(input, init);
			tokens.push(String(init?.method));
			return answerToken();
		},
	};
}
const token = async () => Response.json({ access_token: TOKEN, expires_in: 3_600, token_type: "Bearer" });

afterEach(() => vi.unstubAllEnvs());

describe("google on Vertex without a key", () => {
	it("signs in with the account of the machine, through the fetch that it is given, and keeps the token", async () => {
		await useServiceAccount();
		vi.stubEnv("GEMINI_API_KEY", "a-key-of-the-environment");
		vi.stubEnv("GOOGLE_GENAI_USER_PROJECT", "a-project-of-the-environment");
		const { fetch: service, seen } = answering({ name: operation, id: "v1_a", status: "in_progress" });
		const { fetch, tokens } = withTokens(token, service);
		const provider = google(PROJECT);
		const context = { ...startContext(), fetch };
		for (const model of ["veo-3.1-generate-001", "gemini-omni-1.2-flash"]) {
			const { handle } = await provider.start(asked(model), context);
			await provider.status(handle, context);
		}
		expect(tokens).toEqual(["POST"]);
		expect(seen).toHaveLength(4);
		for (const { headers } of seen) {
			expect(headers["authorization"]).toBe(`Bearer ${TOKEN}`);
			expect(Object.keys(headers).filter((name) => name.startsWith("x-goog"))).toEqual([]);
		}
	});

	it.each<[string, () => Promise<Response>, object]>([
		[
			"was refused",
			async () => Response.json({ error: "invalid_grant", error_description: "Invalid JWT" }, { status: 400 }),
			{
				code: "authentication",
				retryable: false,
				message: expect.stringMatching(/gcloud auth application-default login/),
			},
		],
		[
			"could not be asked for",
			async () => Promise.reject(new TypeError("fetch failed")),
			{ code: "provider_error", retryable: true },
		],
	])("submits nothing when the account %s, and shows no key", async (_what, answerToken, expected) => {
		await useServiceAccount();
		const { fetch: service, seen } = answering({});
		const { fetch } = withTokens(answerToken, service);
		const started = google(PROJECT).start(asked("veo-3.1-generate-001"), { ...startContext(), fetch });
		const error: unknown = await started.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ ...expected, phase: "submit", billed: "no" });
		expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain("PRIVATE KEY");
		expect(seen).toEqual([]);
		const looked = google(PROJECT).status({ via: "vertex", operation }, { ...startContext(), fetch });
		await expect(looked).rejects.toMatchObject({ ...expected, phase: "poll", billed: "unknown" });
	});

	it("says how to sign in where there is no account", async () => {
		vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", join(await temporaryFolder(), "none.json"));
		const { fetch } = answering({});
		const started = google(PROJECT).start(asked("veo-3.1-generate-001"), { ...startContext(), fetch });
		await expect(started).rejects.toMatchObject({
			code: "authentication",
			message: expect.stringMatching(/GOOGLE_VERTEX_API_KEY$/),
		});
	});

	it("does not quote a file that is no account, since it may be a bare key", async () => {
		const path = join(await temporaryFolder(), "account.json");
		await writeFile(path, "CANARYsecret");
		vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", path);
		const { fetch } = answering({});
		const started = google(PROJECT).start(asked("veo-3.1-generate-001"), { ...startContext(), fetch });
		const error: unknown = await started.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ message: expect.stringContaining("the credentials is not valid JSON; run") });
		expect(inspect(error, { depth: 12, showHidden: true })).not.toContain("CANARY");
	});

	it("stops waiting for a token when nobody waits any more", async () => {
		await useServiceAccount();
		const late = new AbortController();
		const fetch: Fetch = async () => {
			late.abort(new DOMException("too late", "TimeoutError"));
			return new Promise(() => undefined);
		};
		const looked = google(PROJECT).status({ via: "vertex", operation }, { fetch, signal: late.signal });
		await expect(looked).rejects.toThrow("too late");
	});

	it("does not have its request for a token taken for a submission that was sent", async () => {
		await useServiceAccount();
		await using there = await createScriptedService();
		const gone = await createScriptedService();
		await gone.close();
		const post = ({ baseUrl }: { readonly baseUrl: string }) => globalThis.fetch(baseUrl, { method: "POST" });
		const { fetch } = withTokens(
			async () => {
				await post(there);
				return token();
			},
			() => post(gone),
		);
		let report: SendingReport | undefined;
		const start = () => google(PROJECT).start(asked("veo-3.1-generate-001"), { ...startContext(), fetch });
		const started = watchSending(start, (observed) => {
			report = observed;
		});
		await expect(started).rejects.toMatchObject({ billed: "unknown" });
		expect(report).toMatchObject({ failed: 1, sent: 0, unobserved: 0 });
	});
});
