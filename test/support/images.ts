import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A real PNG of a colour gradient. */
export function makePng(width: number, height: number): Buffer {
	const rows = Buffer.alloc((width * 3 + 1) * height);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const offset = y * (width * 3 + 1) + 1 + x * 3;
			rows[offset] = Math.round((255 * x) / width);
			rows[offset + 1] = Math.round((255 * y) / height);
			rows[offset + 2] = 128;
		}
	}
	return Buffer.concat([
		SIGNATURE,
		chunk("IHDR", header(width, height)),
		chunk("IDAT", deflateSync(rows)),
		chunk("IEND", Buffer.alloc(0)),
	]);
}

/** A small PNG that says it has 60,000 by 60,000 pixels. */
export const PNG_BOMB: Buffer = Buffer.concat([
	SIGNATURE,
	chunk("IHDR", header(60_000, 60_000)),
	chunk("IDAT", deflateSync(Buffer.alloc(100))),
	chunk("IEND", Buffer.alloc(0)),
]);

function header(width: number, height: number): Buffer {
	const data = Buffer.alloc(13);
	data.writeUInt32BE(width, 0);
	data.writeUInt32BE(height, 4);
	data.set([8, 2, 0, 0, 0], 8);
	return data;
}

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, "ascii"), data]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	const checksum = Buffer.alloc(4);
	checksum.writeUInt32BE(crc32(body));
	return Buffer.concat([length, body, checksum]);
}
