import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import { z } from "zod";
import { InputError } from "../errors/index.ts";

const NAME = "reelay-batch.jsonl";

const HEADER = z.object({ batch: z.uuid(), version: z.literal(1) });

const BILLED = z.enum(["no", "yes", "unknown"]);

const ENTRY = z.object({
	/** The item's key. */
	item: z.string(),
	index: z.number(),
	line: z.number(),
	/** `accepted`: a service has it. `pending`: it is generated once more. The rest are ends. */
	state: z.enum(["pending", "accepted", "succeeded", "failed", "submit_unknown"]),
	/** Counts how often the item was generated anew, each time because it had cost nothing. */
	generation: z.number().int().min(1),
	/** The job's id. */
	job: z.string().optional(),
	token: z.string().optional(),
	/** Where the video is, relative to the manifest's folder unless it is outside of it. */
	path: z.string().optional(),
	sizeBytes: z.number().optional(),
	sha256: z.string().optional(),
	error: z.object({ code: z.string(), billed: BILLED, message: z.string() }).optional(),
});

/** What is known of an item; the last line of an item counts. */
export type ManifestEntry = z.infer<typeof ENTRY>;

/**
 * What a folder knows of the batches that were made into it: a file of JSON lines that only grows, each
 * flushed before anything follows from it. Items are known by what they ask for, so the input may be edited.
 */
export class BatchManifest {
	/** The file, absolute. */
	readonly path: string;
	/** Lines that cannot be read: the last one when the process was ended in the middle of it. */
	readonly unreadable: readonly number[];
	readonly #folder: string;
	readonly #entries: Map<string, ManifestEntry>;
	readonly #endsCleanly: boolean;
	#id: string | undefined;
	#handle: FileHandle | undefined;
	/** Settles when every line so far is written: two must not be mixed. */
	#written: Promise<unknown> = Promise.resolve();

	private constructor(folder: string, content: ManifestContent) {
		this.path = join(folder, NAME);
		this.#folder = folder;
		this.#entries = content.entries;
		this.#id = content.id;
		this.#endsCleanly = content.endsCleanly;
		this.unreadable = content.unreadable;
	}

	/** Reads the manifest of a folder, if there is one. Throws `InputError` when it cannot be read. */
	static async read(folder: string): Promise<BatchManifest> {
		const path = join(folder, NAME);
		const text = await readFile(path, "utf8").catch((cause: unknown) => {
			if (codeOf(cause) === "ENOENT") return "";
			throw new InputError("output", `the manifest "${path}" cannot be read (${codeOf(cause)})`, { cause });
		});
		const content = parseManifest(text);
		if (content.id === undefined && content.entries.size > 0) {
			throw new InputError(
				"output",
				`the manifest "${path}" has lost its first line, without which its jobs cannot be found again; ` +
					"restore it, or move the manifest away to begin anew",
			);
		}
		return new BatchManifest(folder, content);
	}

	/** Whether a batch was made into this folder before. */
	get isKnown(): boolean {
		return this.#id !== undefined;
	}

	/** How many items it knows. */
	get size(): number {
		return this.#entries.size;
	}

	/** What is known of an item. */
	find(key: string): ManifestEntry | undefined {
		return this.#entries.get(key);
	}

	/** Where an entry's video is, absolute. */
	pathOf({ path }: ManifestEntry): string | undefined {
		return path === undefined ? undefined : resolve(this.#folder, path);
	}

	/**
	 * The idempotency key of an item: the same in every run over this folder, so that whatever happens in
	 * between, the item makes one job. Every `generation` has its own. `undefined` in a folder that is new.
	 */
	jobKey(itemKey: string, generation: number): string | undefined {
		if (this.#id === undefined) return undefined;
		const digest = createHash("sha256").update(`${this.#id} ${itemKey} ${generation}`).digest("hex");
		return `batch-${digest.slice(0, 40)}`;
	}

	/**
	 * Makes it ready to be written; begins it when there is none. Throws `InputError` when that cannot be:
	 * nothing may be sent then.
	 */
	async open(): Promise<void> {
		const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = constants;
		try {
			this.#handle = await open(this.path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o666);
			if (!this.#endsCleanly) await this.#handle.appendFile("\n");
			if (this.#id !== undefined) return;
			await this.#append({ batch: randomUUID(), version: 1 });
			await flushFolder(this.#folder);
			// Another process may have begun it at the same time: the first line counts, for both.
			this.#id = parseManifest(await readFile(this.path, "utf8")).id;
		} catch (cause) {
			const problem = `the manifest "${this.path}" cannot be written (${codeOf(cause)})`;
			throw new InputError("output", `${problem}; choose a folder that can be written`, { cause });
		}
	}

	/** Adds what is known of an item now. It is on the disk when this resolves. */
	async write(entry: ManifestEntry): Promise<void> {
		const { path } = entry;
		const known = path === undefined ? entry : { ...entry, path: this.#shorten(path) };
		this.#entries.set(entry.item, known);
		await this.#append(known);
	}

	/** Lets the file go. */
	async close(): Promise<void> {
		await this.#written;
		await this.#handle?.close();
		this.#handle = undefined;
	}

	#append(line: object): Promise<void> {
		const written = this.#written.then(async () => {
			await this.#handle?.appendFile(`${JSON.stringify(line)}\n`);
			await this.#handle?.datasync();
		});
		this.#written = written.catch(() => undefined);
		return written;
	}

	/** A folder that is moved keeps its videos. */
	#shorten(path: string): string {
		const short = relative(this.#folder, path);
		return short.startsWith("..") || isAbsolute(short) ? path : short;
	}
}

interface ManifestContent {
	readonly id: string | undefined;
	readonly entries: Map<string, ManifestEntry>;
	readonly unreadable: readonly number[];
	readonly endsCleanly: boolean;
}

function parseManifest(text: string): ManifestContent {
	const entries = new Map<string, ManifestEntry>();
	const unreadable: number[] = [];
	let id: string | undefined;
	for (const [index, line] of text.split("\n").entries()) {
		if (line.trim() === "") continue;
		const value = parseJson(line);
		const header = HEADER.safeParse(value);
		const entry = ENTRY.safeParse(value);
		if (entry.success) entries.set(entry.data.item, entry.data);
		else if (header.success) id ??= header.data.batch;
		else unreadable.push(index + 1);
	}
	return { id, entries, unreadable, endsCleanly: text === "" || text.endsWith("\n") };
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Makes the name of a new file last. Not every file system can, and none can be asked. */
async function flushFolder(folder: string): Promise<void> {
	const handle = await open(folder, "r").catch(() => undefined);
	await handle?.sync().catch(() => undefined);
	await handle?.close();
}

function codeOf(cause: unknown): string {
	return cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
}
