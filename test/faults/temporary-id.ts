/** The random part of the n-th temporary name that a run makes, without the chance: 24 hexadecimal digits. */
export function temporaryId(run: number, count: number): string {
	return run.toString(16).padStart(4, "0") + count.toString(16).padStart(20, "0");
}
