import { describe, expect, it } from "vitest";
import { causeLines, reportError } from "../../src/cli/report-error.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { Secret } from "../../src/errors/index.ts";
import {
	CancelledError,
	ConfigurationError,
	DownloadError,
	NoModelAvailableError,
	ProviderError,
	StillRunningError,
} from "../../src/index.ts";

function told(error: unknown, verbose = false) {
	const lines: string[] = [];
	const write = (line: string) => void lines.push(line);
	const terminal: Terminal = {
		result: write,
		note: write,
		problem: write,
		isInteractive: false,
		json: false,
		verbose,
	};
	return { exitCode: reportError(error, terminal), lines };
}

describe("an error on the command line", () => {
	it("is three lines at most, with all that is needed to go on", () => {
		const details = { token: "rl1.x", jobId: "job_1", billed: "yes", requestId: "r-1" } as const;
		expect(told(new StillRunningError("it goes on", details))).toEqual({
			exitCode: 4,
			lines: [
				"reelay: it goes on (billed: yes; request id at the service: r-1)",
				"token: rl1.x",
				"go on with: reelay resume job_1",
			],
		});
		expect(told(new DownloadError("the connection broke", details)).lines).toHaveLength(3);
		// Nothing can come of this job any more.
		expect(told(new ProviderError("it failed", { phase: "poll", token: "rl1.x" })).lines).toEqual([
			"reelay: it failed",
		]);
		expect(told(new CancelledError("it was stopped there", { token: "rl1.x" })).lines).toHaveLength(1);
		expect(told(new CancelledError("the wait ended", { token: "rl1.x", retryable: true })).lines).toHaveLength(3);
	});

	it("of a job that only its token leads to says so, and that it goes on", () => {
		const details = { phase: "submit", billed: "yes", token: "rl1.x", jobId: "job_1" } as const;
		expect(told(new ProviderError("accepted, but the ledger could not record it; keep the token", details))).toEqual({
			exitCode: 4,
			lines: [
				"reelay: accepted, but the ledger could not record it; keep the token (billed: yes)",
				"token: rl1.x",
				"go on with: reelay resume rl1.x",
			],
		});
	});

	it("of a ledger that failed when a service had the job tells how to go on", () => {
		const details = { billed: "yes", token: "rl1.x", jobId: "job_1" } as const;
		expect(told(new ConfigurationError("ledger: the disk is full", details))).toEqual({
			exitCode: 4,
			lines: ["reelay: ledger: the disk is full (billed: yes)", "token: rl1.x", "go on with: reelay resume job_1"],
		});
		expect(told(new ConfigurationError("FAL_KEY is not set", { token: "rl1.x" }))).toEqual({
			exitCode: 3,
			lines: ["reelay: FAL_KEY is not set"],
		});
	});

	it("that names a command itself names no other", () => {
		const details = { token: "rl1.x", jobId: "job_1" };
		expect(told(new DownloadError("its file is gone; reelay download job_1 fetches it again", details)).lines).toEqual([
			"reelay: its file is gone; reelay download job_1 fetches it again",
			"token: rl1.x",
		]);
	});

	it("of what lived in this process says to run it again, as nothing goes on", () => {
		const attempts = [{ model: "local:one", outcome: "accepted", billed: "no" }] as const;
		const here = { jobId: "job_1", model: "local:one", attempts };
		expect(told(new StillRunningError("wait again", here))).toEqual({
			exitCode: 1,
			lines: ["reelay: local:one was stopped when the time was up; run it again with a longer --timeout, it is free"],
		});
		expect(told(new CancelledError("cancelled", here))).toEqual({
			exitCode: 130,
			lines: ["reelay: cancelled; run it again, it is free"],
		});
		expect(told(new DownloadError("the disk is full; getting it again costs nothing", here))).toEqual({
			exitCode: 1,
			lines: ["reelay: the disk is full; getting it again costs nothing; run it again, it is free"],
		});
		const paid = { ...here, billed: "unknown" } as const;
		expect(told(new CancelledError("cancelled", paid)).lines).toEqual([
			"reelay: cancelled; run it again, it may be billed again (billed: unknown)",
		]);
		// What failed by itself would fail again.
		const failed = { ...here, attempts: [{ ...attempts[0], errorCode: "provider_error" }] };
		expect(told(new ProviderError("it failed", { ...failed, phase: "poll" })).lines).toEqual(["reelay: it failed"]);
	});

	it("tells with --verbose what caused it, and never a key", () => {
		const key = new Secret("canary-1234567890");
		const socket = Object.assign(new Error("read\nfailed"), { code: "ECONNRESET" });
		const fetchFailed = new TypeError(`fetch failed with ${key.reveal()}`, { cause: socket });
		const error = new ProviderError("no answer", { cause: fetchFailed });
		expect(told(error).lines).toEqual(["reelay: no answer"]);
		expect(told(error, true).lines).toEqual([
			"reelay: no answer",
			"  caused by TypeError: fetch failed with [secret]",
			"  caused by Error: read failed (ECONNRESET)",
		]);
	});

	it("tells with --verbose what was tried", () => {
		const attempts = [
			{ model: "a:one", outcome: "skipped", billed: "no", reason: "no key" },
			{ model: "b:two", outcome: "rejected", billed: "no" },
		] as const;
		expect(told(new NoModelAvailableError("none is left", { attempts }), true).lines.slice(1)).toEqual([
			"  a:one was skipped: no key",
			"  b:two was rejected",
		]);
	});

	it("that is a defect is one line, and its stack with --verbose", () => {
		expect(told(new RangeError("a defect"))).toEqual({ exitCode: 1, lines: ["reelay: RangeError: a defect"] });
		expect(told(new RangeError("a defect"), true).lines[1]).toMatch(/^ {4}at .*report-error\.test\.ts/);
		expect(told("thrown text").lines).toEqual(["reelay: thrown text"]);
	});

	it("whose causes go round in a circle ends", () => {
		const [one, two] = [new Error("one"), new Error("two")];
		one.cause = two;
		two.cause = one;
		expect(causeLines(new ProviderError("round", { cause: "text" }))).toEqual(["  caused by text"]);
		expect(causeLines(one).length).toBeLessThan(60);
	});
});
