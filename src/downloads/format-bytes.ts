const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** A size for people: `1 byte`, `512 bytes`, `12.5 MiB`. */
export function formatBytes(sizeBytes: number): string {
	if (sizeBytes === 1) return "1 byte";
	const power = sizeBytes < 1 ? 0 : Math.min(Math.floor(Math.log2(sizeBytes) / 10), UNITS.length - 1);
	const value = sizeBytes / 1024 ** power;
	const digits = power === 0 || Number.isInteger(value) ? 0 : 1;
	return `${value.toFixed(digits)} ${UNITS[power]}`;
}
