import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { SavedVideo } from "../../../src/downloads/index.ts";
import { isVideoError } from "../../../src/errors/index.ts";
import type { VideoAsset } from "../../../src/provider/index.ts";
import { ranged } from "../../support/download-answers.ts";
import { FolderObserver } from "../../support/download-observer.ts";
import {
	type FolderState,
	folderState,
	planIn,
	QuickTime,
	quickNetwork,
	type RunOptions,
	save,
} from "../../support/download-run.ts";
import { type Answer, type DownloadServer, startServer } from "../../support/download-server.ts";
import { videoOf } from "../../support/download-video.ts";
import type { CellOutcome, FaultCell } from "./report.ts";

/** The video of most cells: several packets long, and no multiple of anything. */
export const VIDEO: Buffer = videoOf(200_003);
/** Another version of it, of the same length. */
export const OTHER_VIDEO: Buffer = videoOf(200_003, 2);

const FINAL_NAME = "video.mp4";
const LONGEST_MS = 10_000;

type UrlAsset = Extract<VideoAsset, { kind: "url" }>;
type NetworkSettings = NonNullable<Parameters<typeof quickNetwork>[0]>;

/** What a cell's script may use. */
export interface CellTools {
	readonly folder: string;
	readonly time: QuickTime;
	/** The server that the asset's URL leads to. */
	readonly server: DownloadServer;
	/** Starts another server, which is closed with the cell. */
	readonly startOther: (...answers: readonly Answer[]) => Promise<DownloadServer>;
}

/** A fault on the way from a URL to the final name. */
export interface TransferScript {
	/** What the server does; the last answer repeats. */
	readonly answers: readonly Answer[] | ((tools: CellTools) => Promise<readonly Answer[]> | readonly Answer[]);
	/** `"saved"`, or the code of the error. */
	readonly ends: "saved" | "download_failed" | "bad_media" | "file_too_large" | "cancelled";
	/** Words of the error, where one code has several reasons. */
	readonly says?: RegExp;
	/** The video that must be saved. Default: the usual one. */
	readonly video?: Buffer;
	/** How many requests the server may see, when that is part of the promise. */
	readonly requests?: number;
	/** The ranges that must be asked for, `undefined` for a request without one. */
	readonly ranges?: readonly (string | undefined)[];
	/** How many bytes must be kept for a later run. Default: none need be. */
	readonly keeps?: number;
	/** Whether bytes are thrown away because the server has another version now, or says nonsense. */
	readonly startsOver?: boolean;
	readonly asset?: (tools: CellTools) => Partial<UrlAsset>;
	readonly refresh?: (tools: CellTools) => Promise<VideoAsset>;
	readonly network?: NetworkSettings;
	readonly options?: Omit<Partial<RunOptions>, "network" | "plan">;
	/** Ends the run when the client has so many bytes. */
	readonly abortAt?: number;
	/** Puts something into the folder first. */
	readonly prepare?: (tools: CellTools) => Promise<void>;
	readonly overwrite?: boolean;
	/** The name that the video must get. Default: the one that was asked for. */
	readonly savedAs?: string;
	/** Sizes at which the final name may be seen beside that of the whole video. */
	readonly alsoFinal?: readonly number[];
	/** Looks for more. Returns problems. */
	readonly check?: (tools: CellTools, outcome: SavedVideo | Error) => Promise<readonly string[]> | readonly string[];
	/** What a good server offers afterwards to a job whose download failed. Default: the usual video. */
	readonly laterVideo?: Buffer;
}

/** Makes a cell of a script. */
export function transferCell(name: string, script: TransferScript): FaultCell {
	return { name, run: () => runTransfer(script) };
}

async function runTransfer(script: TransferScript): Promise<CellOutcome> {
	const folder = await mkdtemp(join(tmpdir(), "reelay-faults-"));
	const servers: DownloadServer[] = [];
	const startOther = async (...answers: readonly Answer[]) => {
		const server = await startServer(answers);
		servers.push(server);
		return server;
	};
	const time = new QuickTime();
	const network = quickNetwork({ timing: time, ...script.network });
	const server = await startOther();
	const tools: CellTools = { folder, time, server, startOther };
	const run = new TransferRun(script, tools, network);
	try {
		await run.go();
	} catch (error) {
		run.problems.push(`broke with ${String(error)}`);
	} finally {
		run.observer.stop();
		await network.close();
		for (const one of servers) await one.close();
		await rm(folder, { recursive: true, force: true });
	}
	return { ...run.outcome(), problems: run.problems };
}

class TransferRun {
	readonly problems: string[] = [];
	readonly observer: FolderObserver;
	readonly #script: TransferScript;
	readonly #tools: CellTools;
	readonly #network: ReturnType<typeof quickNetwork>;
	#jobs = 0;
	#wronglyFinal = 0;
	#bytesLost = 0;

	constructor(script: TransferScript, tools: CellTools, network: ReturnType<typeof quickNetwork>) {
		this.#script = script;
		this.#tools = tools;
		this.#network = network;
		const sizes = [script.video ?? VIDEO, script.laterVideo ?? VIDEO].map((video) => video.byteLength);
		this.observer = new FolderObserver(tools.folder, FINAL_NAME, [...sizes, ...(script.alsoFinal ?? [])]);
	}

	outcome(): Omit<CellOutcome, "problems"> {
		const wronglyFinal = this.#wronglyFinal + this.observer.wrongSizes.length;
		return { jobs: this.#jobs, wronglyFinal, deniedConnects: 0, bytesLost: this.#bytesLost };
	}

	async go(): Promise<void> {
		const { answers, prepare } = this.#script;
		const tools = this.#tools;
		await prepare?.(tools);
		tools.server.answer(...(typeof answers === "function" ? await answers(tools) : answers));
		this.#watch();
		const before = await folderState(tools.folder);
		const outcome = await this.#attempt();
		this.problems.push(...(await this.#judge(outcome, before)));
		this.problems.push(...((await this.#script.check?.(tools, outcome)) ?? []));
		if (this.#script.ends !== "saved") await this.#finishLater();
	}

	async #attempt(): Promise<SavedVideo | Error> {
		const { asset, refresh, options, overwrite, abortAt } = this.#script;
		const stop = new AbortController();
		if (abortAt !== undefined) void this.observer.untilKept(abortAt).then(() => stop.abort());
		const tools = this.#tools;
		this.#jobs += 1;
		const plan = await planIn(tools.folder, FINAL_NAME, overwrite);
		const running = save(
			{ kind: "url", url: `${tools.server.origin}/video.mp4`, ...asset?.(tools) },
			{
				network: this.#network,
				plan,
				signal: stop.signal,
				...(refresh === undefined ? {} : { refresh: () => refresh(tools) }),
				...options,
			},
		).catch((error: Error) => error);
		const late = wait(LONGEST_MS, new Error(`did not end within ${LONGEST_MS} ms`), { ref: false });
		return Promise.race([running, late]);
	}

	async #judge(outcome: SavedVideo | Error, before: FolderState): Promise<readonly string[]> {
		const { ends, says, requests, ranges, keeps = 0 } = this.#script;
		const { server, folder } = this.#tools;
		const problems: string[] = [];
		const after = await folderState(folder);
		if (after.leftovers.length > 0) problems.push(`left ${after.leftovers.join(", ")}`);
		if (ends === "saved") problems.push(...(await this.#judgeSaved(outcome, after)));
		else {
			if (!isVideoError(outcome)) problems.push(`ended with ${describe(outcome)} and not with ${ends}`);
			else if (outcome.code !== ends) problems.push(`ended with ${outcome.code} (${outcome.message}) and not ${ends}`);
			else if (says !== undefined && !says.test(outcome.message)) problems.push(`says "${outcome.message}"`);
			else if (outcome.billed !== "yes") problems.push(`says billed: ${outcome.billed}`);
			const added = after.names.filter((name) => !before.names.includes(name) && !name.startsWith(".reelay-"));
			if (added.length > 0) this.#wronglyFinal += 1;
			const kept = after.resumable.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
			if (kept !== keeps) problems.push(`keeps ${kept} bytes and not ${keeps}`);
		}
		const asked = server.requests.map(({ headers }) => headers["range"]);
		if (requests !== undefined && asked.length !== requests) problems.push(`sent ${asked.length} requests`);
		if (ranges !== undefined && String(asked) !== String(ranges)) problems.push(`asked for ${asked.join(" | ")}`);
		return problems;
	}

	async #judgeSaved(outcome: SavedVideo | Error, after: FolderState): Promise<readonly string[]> {
		const { video = VIDEO, savedAs = FINAL_NAME } = this.#script;
		if (outcome instanceof Error) return [`ended with ${describe(outcome)}`];
		const path = join(this.#tools.folder, savedAs);
		const problems = outcome.path === path ? [] : [`was saved as ${outcome.path}`];
		if (!(await readFile(outcome.path)).equals(video)) this.#wronglyFinal += 1;
		if (after.resumable.length > 0) problems.push("left a partial file");
		return problems;
	}

	/** A failed download is finished by a later run, from what is here already. */
	async #finishLater(): Promise<void> {
		const { laterVideo = VIDEO, keeps = 0, savedAs = FINAL_NAME } = this.#script;
		const { server, folder } = this.#tools;
		const seen = server.requests.length;
		server.answer(ranged(laterVideo));
		this.#jobs += 1;
		const plan = await planIn(folder, FINAL_NAME, this.#script.overwrite);
		const network = quickNetwork();
		try {
			const saved = await save(`${server.origin}/video.mp4`, { network, plan });
			if (!(await readFile(saved.path)).equals(laterVideo)) this.#wronglyFinal += 1;
			if (saved.path !== join(folder, savedAs)) this.problems.push(`was saved later as ${saved.path}`);
			const range = keeps > 0 && keeps < laterVideo.byteLength ? `bytes=${keeps}-` : undefined;
			const asked = server.requests[seen]?.headers["range"];
			if (asked !== range) this.problems.push(`asked later for ${asked} and not ${range}`);
		} catch (error) {
			this.problems.push(`could not be finished later: ${describe(error)}`);
		} finally {
			await network.close();
		}
	}

	/** At each request, what was on the disk under a strong entity tag must not be asked for again. */
	#watch(): void {
		const { server } = this.#tools;
		server.untilKept = (sizeBytes) => this.observer.untilKept(sizeBytes);
		if (this.#script.startsOver === true || this.#script.ends === "bad_media") return;
		server.onRequest = ({ headers }) => {
			this.observer.look();
			const from = Number(/^bytes=(\d+)-/.exec(headers["range"] ?? "")?.[1] ?? 0);
			this.#bytesLost += Math.max(0, this.observer.resumableBytes - from);
		};
	}
}

function describe(outcome: unknown): string {
	if (isVideoError(outcome)) return `${outcome.code} (${outcome.message})`;
	return outcome instanceof Error ? (outcome.stack ?? String(outcome)) : "a saved video";
}
