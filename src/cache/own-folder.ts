import { chmod, mkdir, stat } from "node:fs/promises";

/** Whether a folder may be relied on: whoever else could write there could hand us videos of theirs. */
export type FolderState = "ours" | "foreign" | "missing";

/** Looks at a folder, and closes it to everybody else. */
export async function inspectFolder(directory: string): Promise<FolderState> {
	const found = await stat(directory).catch(() => undefined);
	if (found === undefined) return "missing";
	if (!found.isDirectory()) return "foreign";
	if (process.getuid === undefined) return "ours";
	// Root may put a read-only cache into an image; root could do anything else too.
	if (found.uid !== process.getuid() && found.uid !== 0) return "foreign";
	// Fails where there are no permissions to set, or nobody may write at all.
	if ((found.mode & 0o077) !== 0) await chmod(directory, found.mode & 0o700).catch(() => undefined);
	return "ours";
}

/** Makes a folder, for this user alone. Throws what the system throws. */
export async function makeFolder(directory: string): Promise<void> {
	await mkdir(directory, { recursive: true, mode: 0o700 });
}
