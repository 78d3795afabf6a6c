import type { ImageMediaType } from "../provider/index.ts";

/** The first bytes of a PNG file. */
export const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** Whether the bytes at `offset` are these. */
export function hasBytes(data: Uint8Array, offset: number, expected: readonly number[]): boolean {
	return expected.every((value, index) => data[offset + index] === value);
}

/** The bytes as text, one character a byte; shorter when the data ends. */
export function latin1(data: Uint8Array, offset: number, length: number): string {
	return String.fromCharCode(...data.subarray(offset, offset + length));
}

/** Which of the accepted image formats starts here; `undefined` for anything else. */
export function sniffImage(head: Uint8Array): ImageMediaType | undefined {
	if (hasBytes(head, 0, PNG_SIGNATURE)) return "image/png";
	if (hasBytes(head, 0, [0xff, 0xd8, 0xff])) return "image/jpeg";
	if (latin1(head, 0, 4) === "RIFF" && latin1(head, 8, 4) === "WEBP") return "image/webp";
	return undefined;
}
