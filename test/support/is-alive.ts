import { readFileSync } from "node:fs";

/** Whether a process runs. One that has ended but was not collected by its parent counts as gone. */
export function isAlive(processId: number | undefined): boolean {
	if (processId === undefined) return false;
	try {
		process.kill(processId, 0);
		if (process.platform !== "linux") return true;
		return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${processId}/stat`, "latin1"));
	} catch {
		return false;
	}
}
