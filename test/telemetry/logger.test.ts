import { Writable } from "node:stream";
import { pino } from "pino";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ProviderError, Secret } from "../../src/errors/index.ts";
import { EventHub, type Logger, stderrLogger } from "../../src/telemetry/index.ts";
import { CANARY, leaksIn, spellingsOf } from "./canary.ts";
import { jobSteps } from "./support.ts";

new Secret(CANARY);

describe("a pino logger", () => {
	it("is taken as it is, and gets a line for each event", () => {
		const { logger, lines } = pinoLogger();
		const hub = new EventHub(logger);
		for (const [name, event] of jobSteps("succeeds")) hub.emit(name, event as never);
		expect(lines()[0]).toMatchObject({
			level: 30,
			msg: "job-created",
			jobId: "job_1",
			models: ["fake:one", "other:two"],
		});
		expect(lines().at(-1)).toMatchObject({ level: 30, msg: "job-ended", state: "succeeded" });
		expect(lines()).toHaveLength(9);
	});

	it("is given no secret, in whatever place of an event or of a listener's error it was", () => {
		const { logger, text } = pinoLogger();
		announceSecrets(new EventHub(logger));
		expect(text()).toContain("a listener threw");
		expect(leaksIn(text())).toEqual([]);
	});
});

describe("the log on stderr", () => {
	it("is JSON lines of at least the level that was asked for", () => {
		const written = captureStderr();
		const hub = new EventHub(stderrLogger("warn", () => 0));
		for (const [name, event] of jobSteps("succeeds")) hub.emit(name, event as never);
		hub.emit("warning", { jobId: "job_1", message: "the sound was left out" });
		hub.emit("job-ended", { jobId: "job_1", state: "failed", errorCode: "bad_media" });
		const time = "1970-01-01T00:00:00.000Z";
		expect(written().map((line) => JSON.parse(line))).toEqual([
			{ time, level: "warn", msg: "warning", jobId: "job_1", message: "the sound was left out" },
			{ time, level: "error", msg: "job-ended", jobId: "job_1", state: "failed", errorCode: "bad_media" },
		]);
	});

	it("holds no secret", () => {
		const written = captureStderr();
		announceSecrets(new EventHub(stderrLogger("debug", () => 0)));
		expect(written().length).toBeGreaterThan(5);
		expect(leaksIn(written().join("\n"))).toEqual([]);
	});

	it("is empty when it is silent", () => {
		const written = captureStderr();
		announceSecrets(new EventHub(stderrLogger("silent", () => 0)));
		expect(written()).toEqual([]);
	});
});

/** Puts the key wherever a service, a provider or a listener could have put it. */
function announceSecrets(hub: EventHub): void {
	const jobId = "job_1";
	hub.on("warning", () => {
		throw new AggregateError([new ProviderError(CANARY), { headers: { authorization: CANARY } }], CANARY, {
			cause: new Error(`https://example.com/v.mp4?sig=1&other=${encodeURIComponent(CANARY)}`),
		});
	});
	hub.on("warning", () => {
		throw Object.assign(new TypeError("refused"), { response: { config: { headers: { other: CANARY } } } });
	});
	for (const spelling of spellingsOf(CANARY)) {
		hub.emit("warning", { jobId, message: `x-api-key: ${spelling}` });
		hub.emit("job-created", { jobId, task: "text-to-video", models: [`fake:${spelling}`] });
		hub.emit("attempt-ended", {
			jobId,
			attempt: {
				model: `fake:${spelling}`,
				outcome: "rejected",
				billed: "no",
				reason: JSON.stringify({ key: spelling }),
			},
		});
		hub.emit("breaker-changed", { provider: "fake", state: "quarantined", reason: spelling });
		hub.emit("job-ended", { jobId, state: "failed", errorCode: spelling });
	}
}

function pinoLogger() {
	const chunks: string[] = [];
	const stream = new Writable({
		write(chunk, _encoding, done) {
			chunks.push(String(chunk));
			done();
		},
	});
	const logger: Logger = pino({ level: "debug", base: null }, stream);
	const text = () => chunks.join("");
	return {
		logger,
		text,
		lines: () =>
			text()
				.trim()
				.split("\n")
				.map((line) => JSON.parse(line)),
	};
}

function captureStderr(): () => readonly string[] {
	const chunks: string[] = [];
	const spy = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
		chunks.push(String(chunk));
		return true;
	});
	onTestFinished(() => spy.mockRestore());
	return () => chunks.map((chunk) => chunk.trimEnd());
}
