/** The longest element header: four bytes of id, eight of size. */
export const MAXIMUM_ELEMENT_HEADER = 12;

/** The header of one element of a WebM or Matroska file. */
export interface EbmlElement {
	/** The id with its length marker, as the specification prints it. */
	readonly id: number;
	/** Bytes of the header itself. */
	readonly headerSize: number;
	/** Bytes that follow the header; `undefined` when the writer did not know (a live recording). */
	readonly dataSize: number | undefined;
}

/** Reads the header at `offset`; `undefined` when it is not one, or not all of it is there. */
export function readElement(data: Uint8Array, offset: number): EbmlElement | undefined {
	const idLength = vintLength(data[offset]);
	if (idLength === undefined || idLength > 4) return undefined;
	const sizeOffset = offset + idLength;
	const sizeLength = vintLength(data[sizeOffset]);
	if (sizeLength === undefined || sizeOffset + sizeLength > data.length) return undefined;

	let id = 0;
	for (const byte of data.subarray(offset, sizeOffset)) id = id * 256 + byte;
	let size = 0;
	let onesOnly = true;
	for (const [index, byte] of data.subarray(sizeOffset, sizeOffset + sizeLength).entries()) {
		const mask = index === 0 ? 0xff >> sizeLength : 0xff;
		size = size * 256 + (byte & mask);
		onesOnly &&= (byte & mask) === mask;
	}
	return { id, headerSize: idLength + sizeLength, dataSize: onesOnly ? undefined : size };
}

/** The leading zero bits of the first byte tell how many bytes a number has, one to eight. */
function vintLength(firstByte: number | undefined): number | undefined {
	return firstByte === undefined || firstByte === 0 ? undefined : Math.clz32(firstByte) - 23;
}
