import { describe, expect, it } from "vitest";
import { cutAt, head, ranged, whole } from "../support/download-answers.ts";
import { downloadFolder, networkFor, patientServerFor, serverFor } from "../support/download-folder.ts";
import { planIn, QuickTime, save } from "../support/download-run.ts";
import type { Answer } from "../support/download-server.ts";
import { videoOf } from "../support/download-video.ts";

type Progress = Parameters<NonNullable<Parameters<typeof save>[1]["onProgress"]>>[0];

const VIDEO = videoOf(1_000_000);
const PIECE = 100_000;

/** Time that only moves when it is told to. */
class StillTime extends QuickTime {
	#nowMs = 0;
	override readonly now = () => this.#nowMs;
	override advance(milliseconds: number): void {
		this.#nowMs += milliseconds;
	}
}

/** Sends a tenth of the video at a time, each when all before it has arrived, and lets time pass in between. */
function inTenths(time: StillTime, stepMs: number): Answer {
	return async (socket, _request, server) => {
		socket.write(head(200, { "Content-Length": VIDEO.byteLength }));
		for (let offset = 0; offset < VIDEO.byteLength; offset += PIECE) {
			await server.untilKept?.(offset);
			time.advance(stepMs);
			socket.write(VIDEO.subarray(offset, offset + PIECE));
		}
	};
}

async function download(answers: readonly Answer[], time = new QuickTime()): Promise<readonly Progress[]> {
	const seen: Progress[] = [];
	const folder = await downloadFolder();
	const server = await patientServerFor(folder, answers);
	const onProgress = (progress: Progress) => void seen.push(progress);
	await save(`${server.origin}/v.mp4`, {
		network: networkFor({ timing: time }),
		plan: await planIn(folder),
		onProgress,
	});
	return seen;
}

describe("progress", () => {
	it("tells bytes, total, rate and what is left of the time", async () => {
		const time = new StillTime();
		const seen = await download([inTenths(time, 500)], time);
		const inside = seen.find(({ receivedBytes }) => receivedBytes > 6 * PIECE);
		const { receivedBytes = 0, totalBytes = 0, bytesPerSecond = 0, remainingMs = 0 } = inside ?? {};
		expect(totalBytes).toBe(VIDEO.byteLength);
		// A tenth in half a second.
		expect(bytesPerSecond).toBeGreaterThan(120_000);
		expect(bytesPerSecond).toBeLessThan(280_000);
		expect(remainingMs / (((totalBytes - receivedBytes) * 1_000) / bytesPerSecond)).toBeCloseTo(1, 2);
	});

	it("is told at most ten times a second, and at the end", async () => {
		const time = new StillTime();
		const seen = await download([inTenths(time, 40)], time);
		// Ten pieces in 400 milliseconds.
		expect(seen.length).toBeGreaterThan(1);
		expect(seen.length).toBeLessThanOrEqual(5);
		expect(seen.at(-1)).toMatchObject({ receivedBytes: VIDEO.byteLength, totalBytes: VIDEO.byteLength });
	});

	it("never goes back, and counts what an earlier try had fetched", async () => {
		const seen = await download([cutAt(VIDEO, 600_000, "rst"), ranged(VIDEO)]);
		const bytes = seen.map(({ receivedBytes }) => receivedBytes);
		expect(bytes).toEqual([...bytes].sort((one, other) => one - other));
		expect(bytes.at(-1)).toBe(VIDEO.byteLength);
	});

	it("goes without a total where none is known", async () => {
		const seen = await download([(socket) => void socket.end(Buffer.concat([Buffer.from(head(200, {})), VIDEO]))]);
		expect(seen.at(-1)).toEqual({ receivedBytes: VIDEO.byteLength, bytesPerSecond: expect.any(Number) });
	});

	it("told to somebody who throws harms nothing", async () => {
		const server = await serverFor([whole(VIDEO)]);
		const onProgress = () => {
			throw new TypeError("not my day");
		};
		const plan = await planIn(await downloadFolder());
		const saved = await save(`${server.origin}/v.mp4`, { network: networkFor(), plan, onProgress });
		expect(saved.sizeBytes).toBe(VIDEO.byteLength);
	});
});
