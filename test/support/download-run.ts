import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import {
	createVideoNetwork,
	type OutputPlan,
	planOutput,
	type SavedVideo,
	saveAsset,
	type VideoNetwork,
} from "../../src/downloads/index.ts";
import type { VideoAsset } from "../../src/provider/index.ts";

type NetworkSettings = NonNullable<Parameters<typeof createVideoNetwork>[0]>;
type SaveRequest = Parameters<typeof saveAsset>[0];

/** Time in which waits take none. `advance` moves it; the real clock moves it too. */
export class QuickTime {
	/** Every wait that was asked for, in milliseconds. */
	readonly waits: number[] = [];
	#aheadMs = 0;

	readonly now = (): number => performance.now() + this.#aheadMs;
	readonly wallClock = (): number => Date.UTC(2026, 10, 21);
	readonly random = (): number => 0.5;
	readonly sleep = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
		signal.throwIfAborted();
		this.waits.push(milliseconds);
		this.#aheadMs += milliseconds;
	};

	/** Lets so much time pass. */
	advance(milliseconds: number): void {
		this.#aheadMs += milliseconds;
	}
}

/** A network for servers on loopback, in which no wait takes time. The caller closes it. */
export function quickNetwork(settings: NetworkSettings = {}): VideoNetwork {
	return createVideoNetwork({ allowPrivateNetwork: true, timing: new QuickTime(), ...settings });
}

/** A plan for `video.mp4` in that folder. */
export function planIn(folder: string, name = "video.mp4", overwrite = false): Promise<OutputPlan> {
	return planOutput({
		output: join(folder, name),
		overwrite,
		defaultDirectory: folder,
		createDefaultDirectory: false,
		existing: "number",
	});
}

/** What a run needs that is not the same everywhere. */
export type RunOptions = Partial<Omit<SaveRequest, "asset" | "network" | "plan">> & {
	readonly network: VideoNetwork;
	readonly plan: OutputPlan;
};

/** Saves an asset as a job would. */
export function save(asset: VideoAsset | string, options: RunOptions): Promise<SavedVideo> {
	return saveAsset({
		asset: typeof asset === "string" ? { kind: "url", url: asset } : asset,
		names: { jobId: "job-1", model: "fake:one", prompt: "Waves", createdAtMs: Date.UTC(2026, 10, 21) },
		maxBytes: 100_000_000,
		billed: "yes",
		signal: new AbortController().signal,
		...options,
	});
}

/** What a run left in a folder. */
export interface FolderState {
	readonly names: readonly string[];
	/** Partial files that a later run can go on with, and how much they hold. */
	readonly resumable: readonly { readonly name: string; readonly sizeBytes: number }[];
	/** Temporary files that are of no use to anybody. */
	readonly leftovers: readonly string[];
}

/** Looks at everything in a folder, hidden files included. */
export async function folderState(folder: string): Promise<FolderState> {
	const names = (await readdir(folder)).sort();
	const temporary = names.filter((name) => name.startsWith(".reelay-"));
	const notes = temporary.filter((name) => name.endsWith(".json"));
	const parts = await Promise.all(notes.map((note) => partNameIn(join(folder, note))));
	const there = parts.filter((part) => part !== undefined && names.includes(part)) as readonly string[];
	const resumable = await Promise.all(
		there.map(async (name) => ({ name, sizeBytes: (await stat(join(folder, name))).size })),
	);
	const useful = new Set([...there, ...notes.filter((_note, index) => names.includes(parts[index] ?? ""))]);
	return { names, resumable, leftovers: temporary.filter((name) => !useful.has(name)) };
}

/** The partial file that a note is about; `undefined` when a crash tore the note. */
async function partNameIn(notePath: string): Promise<string | undefined> {
	try {
		return JSON.parse(await readFile(notePath, "utf8")).partName;
	} catch {
		return undefined;
	}
}
