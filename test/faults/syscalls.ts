/**
 * Kills a download before each of its system calls that change the disk, and fails each of them with a full
 * and with a broken disk; what only looks at the disk fails with a broken one. After each: the final name stands for the whole video or for nothing, and the next
 * process finishes what is missing.
 *
 * Run with `node test/faults/syscalls.ts`; a word picks the scenarios with that word. It needs strace; without
 * it, it says so and does nothing.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cutAt, cutRange, ranged } from "../support/download-answers.ts";
import { FolderObserver } from "../support/download-observer.ts";
import { type Answer, type DownloadServer, startServer } from "../support/download-server.ts";
import { videoOf } from "../support/download-video.ts";
import { LossWatch } from "./loss-watch.ts";
import { hasStrace, type Injection, READING_CALLS, type TracedRun, trace } from "./strace.ts";
import { temporaryId } from "./temporary-id.ts";

const VIDEO = videoOf(1_600_000);
const CUT_AT = 700_000;
const OLD = Buffer.from("the video of yesterday");
const FINAL_NAME = "video.mp4";
const CHILD = new URL("save-once.ts", import.meta.url).pathname;
/** A disk that is full can be read, and a process that dies while it reads dies as before the next change. */
const READING_FAULTS = ["error=EIO"];
const FAULTS = ["signal=KILL", "error=ENOSPC", ...READING_FAULTS];
/**
 * When a write fails for want of room nobody can vouch for the file, and its room is given back. A disk that
 * reports errors is not relied on at all. Bytes are fetched again on purpose then.
 */
const DAMAGING = /^error=(?:EIO|ENOSPC at (?:write|writev|pwrite64|pwritev|fsync|fdatasync|ftruncate))$/;
/** More temporary files than any run makes. */
const NAMES_A_RUN = 12;

/** A way through a download. */
interface Scenario {
	readonly name: string;
	/** What the server does to the run that is disturbed. */
	readonly answers: readonly Answer[];
	/** Whether a run that was cut came before. */
	readonly isResumed: boolean;
	readonly overwrite: boolean;
}

const SCENARIOS: readonly Scenario[] = [
	{ name: "fetched in one go", answers: [ranged(VIDEO)], isResumed: false, overwrite: false },
	{ name: "gone on with", answers: [ranged(VIDEO)], isResumed: true, overwrite: false },
	{
		name: "cut and given up",
		answers: [cutAt(VIDEO, CUT_AT, "fin"), cutRange(VIDEO, CUT_AT, "fin")],
		isResumed: false,
		overwrite: false,
	},
	{ name: "in place of another file", answers: [ranged(VIDEO)], isResumed: false, overwrite: true },
];

interface Counts {
	injections: number;
	wronglyFinal: number;
	notCompleted: number;
	bytesFetchedAgain: number;
}

const counts: Counts = { injections: 0, wronglyFinal: 0, notCompleted: 0, bytesFetchedAgain: 0 };
const problems: string[] = [];

if (!hasStrace()) {
	process.stdout.write("skipped: strace is not installed, or may not look into processes here\n");
} else {
	const startedAt = performance.now();
	const [word = ""] = process.argv.slice(2);
	for (const scenario of SCENARIOS.filter(({ name }) => name.includes(word))) await runScenario(scenario);
	const seconds = Math.round((performance.now() - startedAt) / 1_000);
	for (const problem of problems) process.stdout.write(`${problem}\n`);
	process.stdout.write(
		`${counts.injections} injections in ${seconds} s: ${counts.wronglyFinal} wrongly final, ` +
			`${counts.notCompleted} not completed by the second run, ` +
			`${counts.bytesFetchedAgain} bytes fetched again although they were flushed\n`,
	);
	const isGood = problems.length === 0 && counts.injections > 0;
	process.exitCode = isGood ? 0 : 1;
}

async function runScenario(scenario: Scenario): Promise<void> {
	const { calls } = await disturb(scenario);
	const numbers = new Map<string, number>();
	for (const call of calls) {
		const number = (numbers.get(call) ?? 0) + 1;
		numbers.set(call, number);
		for (const fault of READING_CALLS.has(call) ? READING_FAULTS : FAULTS)
			await disturb(scenario, { call, number, fault });
	}
	process.stdout.write(
		`${scenario.name}: ${calls.length} calls (${[...numbers].map((entry) => entry.join(" ")).join(", ")})\n`,
	);
}

/** One run of the scenario, with a fault or without, and the run that finishes it. */
async function disturb(scenario: Scenario, injection?: Injection): Promise<{ readonly calls: readonly string[] }> {
	const folder = await mkdtemp(join(tmpdir(), "reelay-syscalls-"));
	const logs = await mkdtemp(join(tmpdir(), "reelay-strace-"));
	const server = await startServer([]);
	const observer = new FolderObserver(folder, FINAL_NAME, []);
	server.untilKept = (sizeBytes) => observer.untilKept(sizeBytes);
	try {
		if (scenario.overwrite) await writeFile(join(folder, FINAL_NAME), OLD);
		if (scenario.isResumed) {
			server.answer(cutAt(VIDEO, CUT_AT, "fin"), cutRange(VIDEO, CUT_AT, "fin"));
			await run(command(server, folder, 1, scenario));
		}
		server.answer(...scenario.answers);
		const watch = new LossWatch(folder, server, scenario.isResumed ? CUT_AT : 0, isDamaging(injection));
		const disturbed = await trace(command(server, folder, 2, scenario), pathsIn(folder), join(logs, "log"), injection);
		if (injection !== undefined) await judge(scenario, injection, disturbed, folder, server, watch);
		else if (disturbed.exitCode !== (scenario.answers.length === 1 ? 0 : 1)) {
			problems.push(`${scenario.name}: ended with ${disturbed.exitCode} without a fault: ${disturbed.errorText}`);
		}
		return disturbed;
	} finally {
		observer.stop();
		await server.close();
		await rm(folder, { recursive: true, force: true });
		await rm(logs, { recursive: true, force: true });
	}
}

async function judge(
	scenario: Scenario,
	injection: Injection,
	disturbed: TracedRun,
	folder: string,
	server: DownloadServer,
	watch: LossWatch,
): Promise<void> {
	const what = `${scenario.name}, ${injection.fault} at ${injection.call} ${injection.number}`;
	counts.injections += 1;
	const before = await finalFile(folder);
	const isUntouched = scenario.overwrite ? before?.equals(OLD) === true : before === undefined;
	const isWhole = before?.equals(VIDEO) === true;
	if (!isUntouched && !isWhole) {
		counts.wronglyFinal += 1;
		problems.push(`${what}: the final name stands for something else`);
	}
	if (disturbed.exitCode !== 0) {
		server.answer(ranged(VIDEO));
		const { exitCode, errorText } = await run(command(server, folder, 3, scenario));
		if (exitCode !== 0) problems.push(`${what}: the second run failed: ${errorText}`);
	}
	if ((await finalFile(folder))?.equals(VIDEO) !== true) {
		counts.notCompleted += 1;
		problems.push(`${what}: the second run did not complete it`);
	}
	// A process that died between the naming of the video and the end of its work has nothing left to go on with.
	if (isWhole) return;
	counts.bytesFetchedAgain += watch.bytesFetchedAgain;
	if (watch.bytesFetchedAgain > 0) problems.push(`${what}: ${watch.bytesFetchedAgain} bytes were fetched again`);
}

function isDamaging(injection: Injection | undefined): boolean {
	if (injection === undefined) return false;
	const { call, fault } = injection;
	return DAMAGING.test(fault === "error=EIO" ? fault : `${fault} at ${call}`);
}

async function finalFile(folder: string): Promise<Buffer | undefined> {
	return readFile(join(folder, FINAL_NAME)).catch(() => undefined);
}

function command(server: DownloadServer, folder: string, number: number, { overwrite }: Scenario): readonly string[] {
	const url = `${server.origin}/video.mp4`;
	return [process.execPath, CHILD, url, folder, String(number), overwrite ? "overwrite" : "keep"];
}

async function run([file = "", ...args]: readonly string[]): Promise<{ exitCode: number | null; errorText: string }> {
	const child = spawn(file, args, { stdio: ["ignore", "ignore", "pipe"] });
	let errorText = "";
	child.stderr.on("data", (chunk) => {
		errorText += chunk;
	});
	const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
	return { exitCode, errorText };
}

/** The folder, the final name, and every temporary name that the disturbed run and the one before may use. */
function pathsIn(folder: string): readonly string[] {
	const ids = [1, 2].flatMap((number) =>
		Array.from({ length: NAMES_A_RUN }, (_, index) => temporaryId(number, index + 1)),
	);
	const temporary = ids.flatMap((id) => [`.reelay-${id}.part`, `.reelay-${id}.json`]);
	return [folder, ...[FINAL_NAME, ...temporary].map((name) => join(folder, name))];
}
