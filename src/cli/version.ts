import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const MANIFEST = z.looseObject({ name: z.string(), version: z.string() });

/** The version of this package, from the manifest above this file; the sources and `dist` lie at different depths. */
export async function packageVersion(): Promise<string> {
	for (let folder = dirname(fileURLToPath(import.meta.url)); dirname(folder) !== folder; folder = dirname(folder)) {
		const text = await readFile(join(folder, "package.json"), "utf8").catch(() => undefined);
		const manifest = text === undefined ? undefined : MANIFEST.safeParse(JSON.parse(text)).data;
		if (manifest?.name === "reelay") return manifest.version;
	}
	return "unknown";
}
