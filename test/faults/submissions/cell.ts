import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStudioProvider } from "../../../examples/http-provider.ts";
import {
	createVideoService,
	isVideoError,
	type JobInfo,
	type PolicyOptions,
	type VideoError,
	type VideoProvider,
	type VideoResult,
} from "../../../src/index.ts";
import { createScriptedService, type ScriptedService, TINY_VIDEO } from "../../../src/testing/index.ts";

/** How the sample provider and its service deal with lost submissions. */
export type Recovery = "none" | "replay" | "list";

/** One fault, or several, and what must come of the job. */
export interface Cell {
	readonly name: string;
	readonly recovery?: Recovery;
	/** Sets the faults before the job is made. */
	readonly arrange: (service: ScriptedService) => void;
	/** What must come of it: a video, the next model's video, or the code of an error. */
	readonly expected: "video" | "next" | (string & {});
	/** How many jobs the service must have charged. */
	readonly billed: number;
	/** How many looks are too many. @default 40 */
	readonly maxLooks?: number;
	/** How many submissions may arrive. @default 1 */
	readonly maxPosts?: number;
}

/** What is wrong with a cell, and how it counts. */
export interface Finding {
	readonly cell: string;
	readonly problem: string;
	readonly kind: "billed twice" | "lost" | "stuck" | "untrue" | "other";
}

/** Waits that are short enough for hundreds of jobs, and in the proportions of the real ones. */
export const FAST: PolicyOptions = {
	submitBackoffMs: 2,
	submitTimeoutMs: 400,
	lookTimeoutMs: 150,
	minPollMs: 1,
	pollMs: 2,
	maxPollMs: 10,
	maxBackoffMs: 20,
	notFoundGraceMs: 1_000,
};

const STUCK_AFTER_MS = 15_000;
const KEY = "studio-key-0123456789";

/** Runs one job against a service with faults, and holds what came of it against what the service knows. */
export async function runCell(cell: Cell): Promise<readonly Finding[]> {
	const { recovery = "none" } = cell;
	const folder = await mkdtemp(join(tmpdir(), "reelay-faults-"));
	await using service = await createScriptedService({
		apiKey: KEY,
		idempotency: recovery === "replay" ? "replay" : "none",
	});
	await using next = await createScriptedService({ apiKey: KEY });
	cell.arrange(service);
	const options = { baseUrl: service.baseUrl, apiKey: KEY } as const;
	const studio = createStudioProvider(recovery === "replay" ? { ...options, idempotency: "replay" } : options);
	const providers = [
		recovery === "list" ? studio : withoutLookup(studio),
		{ ...createStudioProvider({ baseUrl: next.baseUrl, apiKey: KEY }), id: "next" },
	];
	const videos = createVideoService({
		env: { REELAY_STATE_DIRECTORY: join(folder, "state"), REELAY_ALLOW_PRIVATE_NETWORK: "1" },
		providers,
		outputDirectory: join(folder, "videos"),
		policies: FAST,
	});
	try {
		const stuck = new AbortController();
		const timer = setTimeout(() => stuck.abort(), STUCK_AFTER_MS);
		const outcome = await videos
			.textToVideo({ prompt: "a kite" }, { model: "studio:one", fallbacks: ["next:one"], signal: stuck.signal })
			.catch((error: unknown) => error);
		clearTimeout(timer);
		const [job] = await videos.jobs();
		const judge = new Judge(cell, service, outcome, job, stuck.signal.aborted);
		return [...judge.findings(), ...(await judgeFiles(cell, join(folder, "videos"), outcome))];
	} finally {
		await videos.close();
		await rm(folder, { recursive: true, force: true });
	}
}

/** The same provider at a service that has no way to find a lost job. */
export function withoutLookup({ find, ...provider }: VideoProvider): VideoProvider {
	return { ...provider, traits: { ...provider.traits, lookup: "none" } };
}

/** Compares what the client believes with what the service knows. */
class Judge {
	readonly #cell: Cell;
	readonly #service: ScriptedService;
	readonly #outcome: unknown;
	readonly #job: JobInfo | undefined;
	readonly #isStuck: boolean;

	constructor(cell: Cell, service: ScriptedService, outcome: unknown, job: JobInfo | undefined, isStuck: boolean) {
		this.#cell = cell;
		this.#service = service;
		this.#outcome = outcome;
		this.#job = job;
		this.#isStuck = isStuck;
	}

	findings(): readonly Finding[] {
		const { billed, posts, looks } = this.#service;
		const { expected, maxLooks = 40, maxPosts = 1, recovery } = this.#cell;
		const findings: Finding[] = [];
		const find = (kind: Finding["kind"], problem: string) => findings.push({ cell: this.#cell.name, kind, problem });
		if (this.#isStuck) find("stuck", "the job came to no end");
		if (billed > 1) find("billed twice", `${billed} jobs were charged`);
		if (billed !== this.#cell.billed) find("other", `${billed} jobs were charged, not ${this.#cell.billed}`);
		if (recovery !== "replay" && posts > maxPosts) find("other", `${posts} submissions, at most ${maxPosts} are right`);
		if (looks > maxLooks) find("other", `${looks} looks`);
		const actual = this.#actual();
		if (actual !== expected) find("other", `ended with ${actual}, not ${expected}: ${String(this.#outcome)}`);
		const isHeld = actual === "video" || actual === "submit_unknown" || this.#job?.token !== undefined;
		if (billed > 0 && !isHeld) find("lost", `a job was charged, and it ended with ${actual}, without a token`);
		for (const problem of this.#untruths()) find("untrue", problem);
		return findings;
	}

	#actual(): string {
		if (isVideoError(this.#outcome)) return this.#outcome.code;
		const { model } = this.#outcome as VideoResult;
		return model.startsWith("next:") ? "next" : "video";
	}

	#untruths(): readonly string[] {
		const problems: string[] = [];
		const isBilled = this.#service.billed > 0;
		const state = this.#job?.state ?? "none";
		if (isVideoError(this.#outcome)) problems.push(...this.#untrueError(this.#outcome, isBilled));
		else if (state !== "succeeded") problems.push(`there is a video, and the job is ${state}`);
		if (!["succeeded", "failed", "cancelled", "submit_unknown", "generated"].includes(state)) {
			problems.push(`the job is left ${state}`);
		}
		const text = JSON.stringify(this.#job) + String(this.#outcome) + JSON.stringify(this.#outcome);
		if (text.includes(KEY)) problems.push("the key is shown");
		return problems;
	}

	#untrueError({ billed, token, code }: VideoError, isBilled: boolean): readonly string[] {
		const problems: string[] = [];
		if (billed === "no" && isBilled) problems.push(`${code} says that nothing was billed`);
		if (billed === "yes" && !isBilled) problems.push(`${code} says that it was billed`);
		const wasAccepted = this.#job?.attempts.some(({ outcome }) => outcome === "accepted") ?? false;
		if ((token !== undefined) !== wasAccepted && code !== "no_model_available") {
			problems.push(`${code} has ${token === undefined ? "no" : "a"} token`);
		}
		return problems;
	}
}

/** There is the whole file, or none. */
async function judgeFiles(cell: Cell, folder: string, outcome: unknown): Promise<readonly Finding[]> {
	const names = await readdir(folder).catch(() => []);
	const videos = names.filter((name) => !name.startsWith("."));
	const isVideo = !isVideoError(outcome);
	if (videos.length !== (isVideo ? 1 : 0)) {
		return [{ cell: cell.name, kind: "other", problem: `${videos.length} files: ${names.join(", ")}` }];
	}
	for (const name of videos) {
		if (Buffer.from(TINY_VIDEO).equals(await readFile(join(folder, name)))) continue;
		return [{ cell: cell.name, kind: "other", problem: `${name} is not the video` }];
	}
	return [];
}
