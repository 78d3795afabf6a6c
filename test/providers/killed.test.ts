import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SqliteLedger } from "../../src/index.ts";
import {
	createScriptedService,
	faults,
	type ScriptedService,
	TINY_IMAGE,
	TINY_VIDEO,
} from "../../src/testing/index.ts";
import { runReelay } from "../support/command-line.ts";
import type { Protocol } from "./protocol.ts";
import { PROTOCOLS } from "./protocols.ts";

const KEY = "0123456789abcdef";

describe.concurrent("a process that is killed as soon as the service has the job", () => {
	it.each(PROTOCOLS)("is followed by one that finishes it: $provider, $name", async (protocol) => {
		await using service = await serviceOf(protocol);
		await finishAfterKill(protocol, service, () => service.looks > 0);
	});
});

describe.concurrent("a process that is killed before the answer to its submission has come", () => {
	it.each(PROTOCOLS.filter(({ provider }) => provider === "fal" || provider === "replicate"))(
		"is followed by one that finds the job at the service: $provider, $name",
		async (protocol) => {
			await using service = await serviceOf(protocol);
			service.next("submit", faults.hang("after-commit"));
			await finishAfterKill(protocol, service, () => service.billed > 0);
		},
	);
});

function serviceOf({ dialect, keyPrefix = "" }: Protocol): Promise<ScriptedService> {
	return createScriptedService({ dialect, apiKey: `${keyPrefix}${KEY}` });
}

/** Generates in a process that is killed when it is time, and resumes the job in another. */
async function finishAfterKill(protocol: Protocol, service: ScriptedService, killWhen: () => boolean): Promise<void> {
	const { environment, keyPrefix = "", provider, request } = protocol;
	const cwd = await mkdtemp(join(tmpdir(), "reelay-killed-"));
	await using _folder = { [Symbol.asyncDispose]: () => rm(cwd, { recursive: true, force: true }) };
	const env = {
		...environment({ baseUrl: service.baseUrl, apiKey: `${keyPrefix}${KEY}` }),
		REELAY_LEDGER: "sqlite",
		REELAY_STATE_DIRECTORY: cwd,
	};
	await writeFile(join(cwd, "first.png"), request.image?.data ?? TINY_IMAGE.data);
	const image = request.image === undefined ? [] : ["--image", "first.png"];
	const model = `${provider}:${request.model}`;
	const args = ["generate", request.prompt, ...image, "-m", model, "-o", "out.mp4"];
	const killed = await runReelay(args, { cwd, env, killWhen });
	expect(killed).toMatchObject({ exitCode: null, stdout: "" });

	const ledger = new SqliteLedger(join(cwd, "ledger.sqlite"));
	const [job] = await ledger.list();
	await ledger.close();
	const resumed = await runReelay(["resume", job?.id ?? "", "--json"], { cwd, env });
	expect(resumed).toMatchObject({ exitCode: 0 });
	expect(JSON.parse(resumed.stdout)).toMatchObject({ path: join(cwd, "out.mp4"), sizeBytes: TINY_VIDEO.byteLength });
	expect([service.posts, service.billed]).toEqual([1, 1]);
}
