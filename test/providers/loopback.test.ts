import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createScriptedService, TINY_VIDEO } from "../../src/testing/index.ts";
import { runReelay } from "../support/command-line.ts";
import { temporaryFolder } from "../support/service.ts";
import { PROTOCOLS } from "./protocols.ts";

const RECORDER = fileURLToPath(new URL("record-connects.ts", import.meta.url));

/** The first of each service that is called by its SDK, or where its SDK would go. */
const REACHED = ["Gemini API, text", "gateway, text", "Vertex, text", "fal-ai, text", "queue, text"];

describe("reelay generate with a base URL on this machine", () => {
	it.each(PROTOCOLS.filter(({ name }) => REACHED.includes(name)))(
		"makes a video and connects to nothing else: $provider, $name",
		async ({ dialect, environment, keyPrefix = "", provider, request }) => {
			const apiKey = `${keyPrefix}0123456789abcdef`;
			const cwd = await temporaryFolder();
			const connects = join(cwd, "connects.txt");
			await using service = await createScriptedService({ dialect, apiKey, views: [{ state: "succeeded" }] });
			const env = {
				...environment({ baseUrl: service.baseUrl, apiKey }),
				CONNECTS_FILE: connects,
				NODE_OPTIONS: `--import ${RECORDER}`,
			};
			const args = ["generate", request.prompt, "-m", `${provider}:${request.model}`, "-o", "out.mp4"];
			const run = await runReelay(args, { cwd, env });
			expect(run).toMatchObject({ exitCode: 0, stdout: `${join(cwd, "out.mp4")}\n` });
			expect((await stat(join(cwd, "out.mp4"))).size).toBe(TINY_VIDEO.byteLength);
			const reached = (await readFile(connects, "utf8")).trim().split("\n");
			expect(reached.length).toBeGreaterThan(1);
			expect(new Set(reached)).toEqual(new Set(["127.0.0.1"]));
		},
	);
});
