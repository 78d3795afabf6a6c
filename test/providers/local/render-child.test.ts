import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startRenderChild } from "../../../providers/local/render-child.ts";
import type { RenderReport } from "../../../providers/local/render-spec.ts";
import { temporaryFolder } from "../../support/service.ts";

describe("a render process", () => {
	it("is ended after its last word, as its own end may never come", async () => {
		const file = join(await temporaryFolder(), "stuck.mjs");
		await writeFile(
			file,
			`process.once("message", () => process.send({ kind: "usable", encoder: "wasm" }));
			process.on("SIGTERM", () => {});
			setInterval(() => {}, 1_000);`,
		);
		const reports: RenderReport[] = [];
		await startRenderChild({ kind: "probe" }, (report) => reports.push(report), file).ended;
		expect(reports).toEqual([{ kind: "usable", encoder: "wasm" }]);
	});
});
