import type { Stats } from "node:fs";

const SHOWN_PATH = 200;

/** What lies at a path in place of a file. */
export function fileKind(stats: Stats): string {
	if (stats.isDirectory()) return "a folder";
	if (stats.isFIFO()) return "a pipe";
	if (stats.isSocket()) return "a socket";
	return "a device";
}

/**
 * Why the file at `path` cannot be read, from the system's error, with the remedy. `wanted` is what should be
 * there, "a video" for example.
 */
export function fileProblem(error: unknown, path: string, wanted: string): string {
	const shown = showPath(path);
	switch (error instanceof Error && "code" in error ? error.code : undefined) {
		case "ENOENT":
		case "ENOTDIR":
			return path.startsWith("~/")
				? `${shown} does not exist; only a shell replaces "~", so write the whole path`
				: `${shown} does not exist; relative paths start at ${JSON.stringify(process.cwd())}`;
		case "EACCES":
		case "EPERM":
			return `${shown} may not be read by this user; change its permissions, or copy it`;
		case "EISDIR":
			return `${shown} is a folder; give the path of ${wanted}`;
		case "ENXIO":
			return `${shown} is a socket or a device; give the path of ${wanted}`;
		case "ELOOP":
			return `${shown} is a circle of links; give the path of the file itself`;
		case "ENAMETOOLONG":
			return `is no path (${path.length} characters); give the path of ${wanted}`;
		case "EMFILE":
		case "ENFILE":
			return `${shown} cannot be opened: too many files are open; raise the limit (ulimit -n)`;
		default:
			return `${shown} cannot be read; check the path and the disk`;
	}
}

/** The path in quotes, on one line, and not too long. */
export function showPath(path: string): string {
	return JSON.stringify(path.length > SHOWN_PATH ? `${path.slice(0, SHOWN_PATH)}…` : path);
}
