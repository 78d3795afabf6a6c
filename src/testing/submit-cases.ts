import assert from "node:assert/strict";
import type { HttpContract } from "./contract-options.ts";
import { type Fault, type FaultMoment, faults } from "./faults.ts";
import { jobIdOf } from "./job-store.ts";
import type { StartOutcome, TrialCase } from "./trial.ts";

const REFUSED = [400, 401, 402, 403, 404, 405, 413, 415, 422, 429];
const UNCLEAR = [301, 302, 303, 307, 308, 408, 409, 500, 502, 503, 504, 520, 524];
const CODES: Readonly<Record<number, string>> = { 401: "authentication", 402: "quota_exceeded", 429: "rate_limited" };
const MOMENTS: readonly FaultMoment[] = ["before-body", "before-commit", "after-commit"];
const REASON = "because of the moon";
const DEFAULT_MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** What a service can ask us to wait, and the milliseconds that it means; nothing where it means none. */
const WAITS: readonly (readonly [header: string | string[], ms: number | undefined])[] = [
	["0", 0],
	["1", 1_000],
	["1.5", 1_500],
	["-1", undefined],
	["", undefined],
	["abc", undefined],
	["999999999", Number.POSITIVE_INFINITY],
	["9".repeat(400), Number.POSITIVE_INFINITY],
	["Wed, 21 Oct 2015 07:28:00 GMT", 0],
	["Fri, 31 Dec 2100 23:59:59 GMT", Number.POSITIVE_INFINITY],
	[["5", "30"], 30_000],
	["Wed, 21 Oct 2015 07:28:00 GMT, 30", 30_000],
];
/** What timers can wait; a larger number fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How a submission ends under every fault: accepted, rejected or unknown, and with one request in all. */
export function submitCases(contract: HttpContract): readonly TrialCase[] {
	const { dialect, rejectedStatuses = [], maxAnswerBytes = DEFAULT_MAX_ANSWER_BYTES } = contract;
	const cases: TrialCase[] = [];
	const add = (name: string, fault: Fault, expected: StartOutcome["outcome"], abortOnArrival = false) => {
		cases.push({
			name: `calls a submission ${expected} ${name}`,
			check: async (trial) => {
				trial.service.next("submit", fault);
				const ended = await trial.start(trial.request, { abortOnArrival });
				assert.equal(ended.outcome, expected, `it was ${describe(ended)}, and should be ${expected}`);
				assert.ok(trial.service.billed <= 1, "it was billed twice");
			},
		});
	};

	add("that nothing is wrong with", faults.pass(), "accepted");
	for (const at of MOMENTS) {
		add(`that was reset ${at}`, faults.reset(at), "unknown");
		add(`whose connection ended ${at}`, faults.end(at), "unknown");
		add(`that hangs ${at}, when it is given up`, faults.hang(at), "unknown", true);
	}
	for (const status of [...REFUSED, ...rejectedStatuses]) {
		add(`with status ${status}`, faults.status(status), "rejected");
	}
	for (const status of UNCLEAR.filter((unclear) => !rejectedStatuses.includes(unclear))) {
		for (const at of ["before-commit", "after-commit"] as const) {
			const location = status < 400 ? { location: "http://127.0.0.1:9/elsewhere" } : {};
			add(`with status ${status} ${at}`, faults.status(status, location, at), "unknown");
		}
	}
	add("whose answer is a page", faults.html(), "unknown");
	add("whose answer is a page, though it was accepted", faults.html("after-commit"), "unknown");
	add("whose answer is half of its JSON", faults.truncatedJson(), "unknown");
	add("whose answer is cut by the end of the connection", faults.cut(5), "unknown");
	add("whose answer is cut by a reset", faults.cut(5, "reset"), "unknown");
	add("whose answer stops in the middle, when it is given up", faults.cut(5, "hang"), "unknown", true);
	add("whose answer drips, when it is given up", faults.drip(30), "unknown", true);
	add("whose answer is {}", faults.emptyObject(), "unknown");
	add("whose job's id is a number", faults.numericJobId(), "unknown");
	for (const id of ["../../admin", "%2e%2e%2fadmin", "http://127.0.0.1:9/admin", "admin?a=b#c", "..", ""]) {
		add(`whose job's id is "${id}"`, faults.jobId(id), "unknown");
	}
	add("whose answer has every name twice", faults.duplicateNames(jobIdOf(dialect, 99)), "unknown");
	add("whose answer is larger than it may be", faults.oversized(maxAnswerBytes), "unknown");

	cases.push({
		name: "throws when nobody listens",
		check: async (trial) => {
			await trial.service.close();
			assert.notEqual((await trial.start()).outcome, "accepted");
		},
	});
	for (const status of REFUSED.filter((refused) => CODES[refused] !== undefined)) {
		cases.push({
			name: `calls status ${status} ${CODES[status]}`,
			check: async (trial) => {
				trial.service.next("submit", faults.status(status));
				const ended = await trial.start();
				const code = ended.outcome === "rejected" ? ended.error.code : ended.outcome;
				assert.equal(code, CODES[status], `it was ${describe(ended)}, and should be ${CODES[status]}`);
			},
		});
	}
	if (dialect.refusedContent !== undefined) {
		const { status = 200, headers, json } = dialect.refusedContent(REASON);
		const body = JSON.stringify(json);
		const fault: Fault = {
			does: "answer",
			at: "before-commit",
			status,
			headers: { "content-type": "application/json", ...headers },
			body,
		};
		cases.push({
			name: "calls a refusal of the content content_refused, with the service's reason",
			check: async (trial) => {
				trial.service.next("submit", fault);
				const ended = await trial.start();
				assert.ok(ended.outcome === "rejected", `it was ${describe(ended)}, and should be rejected`);
				assert.equal(ended.error.code, "content_refused", `it was ${describe(ended)}`);
				assert.ok(describe(ended).includes(REASON), "the reason is not in the error");
			},
		});
	}
	for (const [header, waitMs] of WAITS) {
		cases.push({
			name: `reads the wait in ${JSON.stringify(header).slice(0, 40)}`,
			check: async (trial) => {
				trial.service.next("submit", faults.status(429, { "retry-after": header }));
				const ended = await trial.start();
				assert.ok(ended.outcome === "rejected" && ended.error.retryable, "429 may be tried again");
				const { retryAfterMs } = ended.error;
				const isLong = retryAfterMs !== undefined && retryAfterMs > 30_000 && retryAfterMs <= LONGEST_TIMER_MS;
				const isRight = waitMs === Number.POSITIVE_INFINITY ? isLong : retryAfterMs === waitMs;
				assert.ok(isRight, `the wait is ${retryAfterMs} ms, and should be ${waitMs ?? "none"}`);
			},
		});
	}
	cases.push({
		name: "sends nothing when it was cancelled before",
		check: async (trial) => {
			const ended = await trial.start(trial.request, { signal: AbortSignal.abort() });
			assert.notEqual(ended.outcome, "accepted");
			assert.equal(trial.service.requests.length, 0);
		},
	});
	cases.push({
		name: "sends nothing but through the fetch that it is given",
		check: async (trial) => {
			const handle = await trial.handle();
			const before = trial.service.requests.length;
			const offline = { fetch: () => Promise.reject(new TypeError("offline")) };
			assert.notEqual((await trial.start(trial.request, offline)).outcome, "accepted");
			await assert.rejects(trial.call("status", (context) => trial.provider.status(handle, context), offline));
			assert.equal(trial.service.requests.length, before, "it has a fetch of its own");
		},
	});
	return cases;
}

function describe(ended: StartOutcome): string {
	return ended.outcome === "accepted" ? ended.outcome : `${ended.outcome} (${String(ended.error)})`;
}
