import { type Fault, type FaultMoment, faults, type ScriptedService } from "../../../src/testing/index.ts";
import type { Cell, Recovery } from "./cell.ts";

const RETRY_AFTER: readonly string[] = ["0", "1", "1.5", "-1", "", "abc", "999999999", "9".repeat(400)];
const REJECTED: readonly number[] = [400, 401, 402, 403, 404, 405, 413, 415, 422];
const UNKNOWN: readonly number[] = [408, 409, 500, 502, 503, 504, 520, 524];

/** Every way to lose the answer to a submission, before and after it was accepted. */
function lostAnswers(): readonly { readonly name: string; readonly fault: Fault; readonly isCommitted: boolean }[] {
	const moments: readonly FaultMoment[] = ["before-commit", "after-commit"];
	const around = moments.flatMap((at) => {
		const isCommitted = at === "after-commit";
		return [
			{ name: `reset ${at}`, fault: faults.reset(at), isCommitted },
			{ name: `end ${at}`, fault: faults.end(at), isCommitted },
			{ name: `hang ${at}`, fault: faults.hang(at), isCommitted },
			{ name: `HTML ${at}`, fault: faults.html(at), isCommitted },
			{ name: `307 ${at}`, fault: faults.redirect("/elsewhere", 307, at), isCommitted },
			{ name: `302 ${at}`, fault: faults.redirect("https://example.invalid/", 302, at), isCommitted },
			{ name: `garbage ${at}`, fault: faults.raw("\0\0\0\0", at), isCommitted },
			...UNKNOWN.map((status) => ({ name: `${status} ${at}`, fault: faults.status(status, {}, at), isCommitted })),
		];
	});
	const replies: readonly (readonly [string, Fault])[] = [
		["truncated JSON", faults.truncatedJson()],
		["{}", faults.emptyObject()],
		["an id that is a number", faults.numericJobId()],
		["an id that climbs", faults.jobId("../../admin")],
		["an id that is a URL", faults.jobId("http://127.0.0.1/")],
		["every name twice", faults.duplicateNames("job_99999999")],
		["10 MB of JSON", faults.oversized(10_000_000)],
		["an answer cut by FIN", faults.cut(10)],
		["an answer cut by RST", faults.cut(10, "reset")],
		["an answer that stops", faults.cut(10, "hang")],
		["a drip", faults.drip(100)],
	];
	return [...around, ...replies.map(([name, fault]) => ({ name, fault, isCommitted: true }))];
}

/** The submit cells of the fault matrix. */
export function submitCells(): readonly Cell[] {
	const recoveries: readonly Recovery[] = ["none", "list", "replay"];
	const lost = lostAnswers().flatMap(({ name, fault, isCommitted }) =>
		recoveries.map((recovery): Cell => {
			const isFound = recovery === "replay" || (recovery === "list" && isCommitted);
			return {
				name: `submit: ${name}, ${recovery}`,
				recovery,
				arrange: (service) => service.next("submit", fault),
				expected: isFound ? "video" : "submit_unknown",
				billed: isCommitted || recovery === "replay" ? 1 : 0,
			};
		}),
	);
	const rejected = REJECTED.map(
		(status): Cell => ({
			name: `submit: ${status}`,
			arrange: (service) => service.every("submit", faults.status(status)),
			expected: "next",
			billed: 0,
		}),
	);
	const limited = RETRY_AFTER.map(
		(value): Cell => ({
			name: `submit: 429 with Retry-After ${JSON.stringify(value.slice(0, 12))}`,
			arrange: (service) => service.next("submit", faults.status(429, { "retry-after": value })),
			expected: "video",
			billed: 1,
			maxPosts: 2,
		}),
	);
	const always: Cell = {
		name: "submit: 429 for ever",
		arrange: (service) => service.every("submit", faults.status(429)),
		expected: "next",
		billed: 0,
		maxPosts: 3,
	};
	return [...lost, ...rejected, ...limited, always];
}

/** The poll cells of the fault matrix: none of them may fail the job. */
export function pollCells(): readonly Cell[] {
	const survived: readonly (readonly [string, (service: ScriptedService) => void])[] = [
		...(["reset", "end", "hang", "html"] as const).map(
			(name): readonly [string, (service: ScriptedService) => void] => [
				name,
				(service) => service.next("look", faults[name](), faults[name]()),
			],
		),
		...[400, 401, 403, 408, 409, 422, 429, 500, 502, 503, 504].map(
			(status): readonly [string, (service: ScriptedService) => void] => [
				String(status),
				(service) => service.next("look", faults.status(status), faults.status(status)),
			],
		),
		...RETRY_AFTER.map((value): readonly [string, (service: ScriptedService) => void] => [
			`429 with Retry-After ${JSON.stringify(value.slice(0, 12))}`,
			(service) => service.next("look", faults.status(429, { "retry-after": value })),
		]),
		["404 right after the submission", (service) => service.next("look", faults.status(404), faults.status(404))],
		["truncated JSON", (service) => service.next("look", faults.truncatedJson())],
		["{}", (service) => service.next("look", faults.emptyObject())],
		["10 MB of JSON", (service) => service.next("look", faults.oversized(10_000_000))],
		["an answer cut", (service) => service.next("look", faults.cut(5), faults.cut(5, "reset"))],
		["an answer that stops", (service) => service.next("look", faults.cut(5, "hang"))],
		["a redirect", (service) => service.next("look", faults.redirect("https://example.invalid/"))],
		["another job's id", (service) => service.next("look", faults.jobId("job_99999999"))],
		["a word that nobody knows", (service) => service.next("look", faults.show({ state: "pondering" }))],
		[
			"progress that falls",
			(service) =>
				service.script(
					{ state: "running", progress: 0.9 },
					{ state: "running", progress: 0.1 },
					{ state: "succeeded" },
				),
		],
		[
			"done without a result",
			(service) => service.next("look", faults.show({ state: "succeeded", resultUrl: undefined })),
		],
		[
			"everything in turn",
			(service) =>
				service.next(
					"look",
					faults.status(503),
					faults.status(429, { "retry-after": "999999999" }),
					faults.reset(),
					faults.html(),
				),
		],
	];
	return survived.map(
		([name, arrange]): Cell => ({ name: `poll: ${name}`, arrange, expected: "video", billed: 1, maxLooks: 12 }),
	);
}

/** The service's own verdicts, and what it does with results. */
export function verdictCells(): readonly Cell[] {
	const failed = (kind: "refused" | "invalid" | "internal" | "expired" | "cancelled", billed: boolean) => ({
		state: "failed",
		failure: { kind, reason: "scripted", billed },
	});
	return [
		...(["refused", "invalid", "internal", "expired", "cancelled"] as const).flatMap((kind): readonly Cell[] => [
			{
				name: `verdict: ${kind}, charged`,
				arrange: (service) => service.script({ state: "running" }, failed(kind, true)),
				expected: {
					refused: "content_refused",
					invalid: "provider_error",
					internal: "provider_error",
					expired: "operation_not_found",
					cancelled: "cancelled",
				}[kind],
				billed: 1,
			},
			{
				name: `verdict: ${kind}, not charged`,
				arrange: (service) => service.script({ state: "running" }, failed(kind, false)),
				expected: {
					refused: "content_refused",
					invalid: "provider_error",
					internal: "next",
					expired: "next",
					cancelled: "cancelled",
				}[kind],
				billed: 0,
			},
		]),
		{
			name: "result: expired URL",
			arrange: (service) => service.next("result", faults.status(403)),
			expected: "video",
			billed: 1,
		},
		{
			name: "result: cut, then whole",
			arrange: (service) => service.next("result", faults.cut(500), faults.cut(700, "reset")),
			expected: "video",
			billed: 1,
		},
		{
			name: "result: a page for a video",
			arrange: (service) => service.every("result", faults.html()),
			expected: "bad_media",
			billed: 1,
		},
		{
			name: "poll: forgotten for good",
			arrange: (service) => service.every("look", faults.status(404)),
			expected: "operation_not_found",
			billed: 1,
			maxLooks: 600,
		},
	];
}
