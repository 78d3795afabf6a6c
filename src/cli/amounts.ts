/** `5:05`, `2:03:04`. */
export function clockText(seconds: number): string {
	const whole = Math.floor(seconds);
	const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
	const two = (value: number) => String(value).padStart(2, "0");
	return hours === 0 ? `${minutes}:${two(rest)}` : `${hours}:${two(minutes)}:${two(rest)}`;
}

/** `1.2 kB`, `34.5 MB`, `2.1 GB`. */
export function bytesText(bytes: number): string {
	if (bytes < 100_000) return `${(bytes / 1000).toFixed(1)} kB`;
	return bytes < 1_000_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}
