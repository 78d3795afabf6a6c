import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** How often a folder is looked at. Also looks between any two turns of the event loop would not see more. */
const EVERY_MS = 1;

/** Watches a folder while a video is saved into it, as another program could. */
export class FolderObserver {
	/** The most bytes that lay in a partial file which a later run could go on with. */
	resumableBytes = 0;
	/** Sizes, other than those that are allowed, at which the final name was seen. */
	readonly wrongSizes: number[] = [];
	readonly #folder: string;
	readonly #finalName: string;
	readonly #allowedSizes: ReadonlySet<number>;
	readonly #timer: NodeJS.Timeout;

	constructor(folder: string, finalName: string, allowedSizes: readonly number[]) {
		this.#folder = folder;
		this.#finalName = finalName;
		this.#allowedSizes = new Set(allowedSizes);
		this.#timer = setInterval(() => this.look(), EVERY_MS);
	}

	/** Ends when a partial file holds exactly so much, or after two seconds. */
	async untilKept(sizeBytes: number): Promise<void> {
		for (let looks = 0; looks < 400 && !this.#partSizes().includes(sizeBytes); looks += 1) await wait(5);
	}

	/** Looks now. */
	look(): void {
		const finalSize = sizeOf(join(this.#folder, this.#finalName));
		if (finalSize !== undefined && !this.#allowedSizes.has(finalSize)) this.wrongSizes.push(finalSize);
		for (const name of namesIn(this.#folder)) {
			if (!name.endsWith(".json")) continue;
			const size = sizeOf(join(this.#folder, partNameIn(join(this.#folder, name)) ?? ""));
			this.resumableBytes = Math.max(this.resumableBytes, size ?? 0);
		}
	}

	#partSizes(): readonly (number | undefined)[] {
		const parts = namesIn(this.#folder).filter((name) => name.endsWith(".part"));
		return parts.map((name) => sizeOf(join(this.#folder, name)));
	}

	/** Ends it. */
	stop(): void {
		clearInterval(this.#timer);
	}
}

function namesIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

function partNameIn(notePath: string): string | undefined {
	try {
		return JSON.parse(readFileSync(notePath, "utf8")).partName;
	} catch {
		return undefined;
	}
}

function sizeOf(path: string): number | undefined {
	const found = statSync(path, { throwIfNoEntry: false });
	return found?.isFile() ? found.size : undefined;
}
