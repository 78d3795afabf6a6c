import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SqliteLedger } from "../../src/index.ts";
import { createScriptedService, TINY_IMAGE, TINY_VIDEO } from "../../src/testing/index.ts";
import { runReelay } from "../support/command-line.ts";
import { temporaryFolder } from "../support/service.ts";
import { PROTOCOLS } from "./protocols.ts";

describe("a process that is killed as soon as the service has the job", () => {
	it.each(PROTOCOLS)("is followed by one that finishes it: $provider, $name", async (protocol) => {
		const { dialect, environment, keyPrefix = "", provider, request } = protocol;
		const apiKey = `${keyPrefix}0123456789abcdef`;
		const cwd = await temporaryFolder();
		await using service = await createScriptedService({ dialect, apiKey });
		const env = {
			...environment({ baseUrl: service.baseUrl, apiKey }),
			REELAY_LEDGER: "sqlite",
			REELAY_STATE_DIRECTORY: cwd,
		};
		await writeFile(join(cwd, "first.png"), request.image?.data ?? TINY_IMAGE.data);
		const image = request.image === undefined ? [] : ["--image", "first.png"];
		const model = `${provider}:${request.model}`;
		let end = () => {};
		const watch = setInterval(() => service.looks > 0 && end(), 1);
		const killed = await runReelay(["generate", request.prompt, ...image, "-m", model, "-o", "out.mp4"], {
			cwd,
			env,
			onStderr: (_text, kill) => {
				end = () => kill("SIGKILL");
			},
		}).finally(() => clearInterval(watch));
		expect(killed).toMatchObject({ exitCode: null, stdout: "" });

		const ledger = new SqliteLedger(join(cwd, "ledger.sqlite"));
		const [job] = await ledger.list();
		await ledger.close();
		const resumed = await runReelay(["resume", job?.id ?? "", "--json"], { cwd, env });
		expect(resumed).toMatchObject({ exitCode: 0 });
		expect(JSON.parse(resumed.stdout)).toMatchObject({ path: join(cwd, "out.mp4"), sizeBytes: TINY_VIDEO.byteLength });
		expect([service.posts, service.billed]).toEqual([1, 1]);
	});
});
