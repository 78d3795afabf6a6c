import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

describe("OpenTelemetry's API package", () => {
	it("is not loaded by importing the events, nor by a job, while no SDK is registered", () => {
		expect(packagesLoadedBy(announceJob(""))).toEqual([]);
	});

	it("is loaded by the first job after an SDK was registered", () => {
		const register = `globalThis[Symbol.for("opentelemetry.js.api.1")] = { version: "1.9.0", trace: {} };`;
		expect(packagesLoadedBy(announceJob(register))).toEqual(["@opentelemetry/api"]);
	});

	it("may be missing although an SDK is registered: nothing happens then", () => {
		const hide = `registerHooks({ resolve(specifier, context, next) {
			if (specifier === "@opentelemetry/api") throw new Error("not found");
			return next(specifier, context);
		} });
		globalThis[Symbol.for("opentelemetry.js.api.1")] = { version: "1.9.0", trace: {}, metrics: {} };`;
		expect(packagesLoadedBy(announceJob(hide))).toEqual([]);
	});
});

function announceJob(setUp: string): string {
	return `${setUp}
		const { connectOpenTelemetry, EventHub } = await import(${JSON.stringify(resolve("src/telemetry/index.ts"))});
		const silent = () => undefined;
		const error = () => { process.exitCode = 1; };
		const hub = new EventHub({ debug: silent, info: silent, warn: silent, error });
		connectOpenTelemetry(hub);
		hub.emit("job-created", { jobId: "a", task: "text-to-video", models: [] });`;
}

/** The names of the packages below `@opentelemetry` that a script has loaded. */
function packagesLoadedBy(script: string): readonly string[] {
	const program = `
		import { registerHooks } from "node:module";
		const urls = new Set();
		registerHooks({ load(url, context, next) { urls.add(url); return next(url, context); } });
		${script}
		console.log(JSON.stringify([...urls]));`;
	const output = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
	const urls: readonly string[] = JSON.parse(output);
	return [...new Set(urls.flatMap((url) => /node_modules\/(@opentelemetry\/[^/]+)/.exec(url)?.[1] ?? []))];
}
