import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { readSettings } from "../../src/config/index.ts";
import { nodeVersionProblem } from "../../src/config/node-version.ts";
import { ConfigurationError, createVideoService } from "../../src/index.ts";

/** The rest of the test runs on a Node that takes itself for another. */
function pretend(version: string): void {
	const own = process.version;
	Object.defineProperty(process, "version", { value: version });
	onTestFinished(() => {
		Object.defineProperty(process, "version", { value: own });
	});
}

describe("the version of Node", () => {
	const { engines } = JSON.parse(readFileSync("package.json", "utf8"));

	it("must be what package.json says", () => {
		const oldest = engines.node.replace(/^>=/, "");
		expect(nodeVersionProblem(`v${oldest}.0`)).toBeUndefined();
		expect(nodeVersionProblem("v1.0.0")).toBe(`reelay needs Node ${oldest} or newer; this is v1.0.0`);
	});

	it.each(["v22.19.0", "v22.20.1", "v23.0.0", "v24.21.0", "v100.1.0", "v22.19.0-nightly20261121abc"])(
		"will do: %s",
		(version) => {
			expect(nodeVersionProblem(version)).toBeUndefined();
		},
	);

	it.each(["v22.18.9", "v22.2.0", "v21.99.0", "v20.20.2", "v18.20.8", "v9.0.0"])("is too old: %s", (version) => {
		expect(nodeVersionProblem(version)).toBe(`reelay needs Node 22.19 or newer; this is ${version}`);
	});

	it("is looked at before a service is made, or settings are read", () => {
		pretend("v20.20.2");
		const message = "reelay needs Node 22.19 or newer; this is v20.20.2";
		expect(() => createVideoService({ env: {} })).toThrow(new ConfigurationError(message));
		expect(() => readSettings({})).toThrow(new ConfigurationError(message));
	});
});
