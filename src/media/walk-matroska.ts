import type { ContainerWalk } from "./container-walk.ts";
import { MAXIMUM_ELEMENT_HEADER, readElement } from "./ebml-element.ts";

const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const CLUSTER = 0x1f43b675;
/** The header, padding and a checksum: all that may stand beside a segment. */
const BESIDE_SEGMENT = new Set([0x1a45dfa3, 0xec, 0xbf]);

/**
 * Checks that the elements of a WebM or Matroska file tile it. A recorder that does not know a size writes
 * none; then the children are walked in the parent's place, and what follows them needs no special case.
 */
export async function walkMatroska(walk: ContainerWalk): Promise<void> {
	let segmentEnd = 0;
	let hasTracks = false;
	let hasPictures = false;
	for (let offset = 0; offset < walk.size; ) {
		const header = await walk.read(offset, MAXIMUM_ELEMENT_HEADER);
		const element = readElement(header, 0);
		if (element === undefined) {
			if (header.length < MAXIMUM_ELEMENT_HEADER && header[0] !== 0) walk.failCutOff();
			walk.fail(`the video is damaged: no element starts at byte ${offset}`);
		}
		const { id, dataSize } = element;
		const start = offset + element.headerSize;
		const end = dataSize === undefined ? undefined : start + dataSize;
		if (id === SEGMENT) {
			segmentEnd = end ?? Number.POSITIVE_INFINITY;
			if (end !== undefined && end > walk.size) walk.failCutOff(end);
			offset = start;
			continue;
		}
		if (offset >= segmentEnd && !BESIDE_SEGMENT.has(id)) {
			walk.fail(`the video is damaged: byte ${offset} belongs to no part of it`);
		}
		hasTracks ||= id === TRACKS;
		hasPictures ||= id === CLUSTER;
		if (end === undefined) {
			if (id !== CLUSTER) walk.fail(`the video is damaged: the element at byte ${offset} has no size`);
			offset = start;
			continue;
		}
		if (end > walk.size) walk.failCutOff(end);
		if (offset < segmentEnd && end > segmentEnd) {
			walk.fail(`the video is damaged: the element at byte ${offset} is longer than its parent`);
		}
		offset = end;
	}
	if (!hasTracks) walk.fail("the video names no tracks, as if it was cut off");
	if (!hasPictures) walk.fail("the video names its tracks but holds no pictures, as if it was cut off");
}
