import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MemoryLedger } from "../../src/index.ts";
import { EVERYTHING, FakeProvider } from "../support/fake-provider.ts";
import { makePng } from "../support/images.ts";
import { temporaryFolder, testService } from "../support/service.ts";

const model = "fake:one";
const PICTURE = makePng(64, 36);

describe("references without a first frame", () => {
	it("are read, and reach the provider of a text to video", async () => {
		const provider = new FakeProvider();
		const { videos } = await testService({ providers: [provider] });
		await videos.textToVideo({ prompt: "x", references: [PICTURE, makePng(8, 8)] }, { model });
		expect(provider.requests[0]).toMatchObject({
			task: "text-to-video",
			references: [
				{ mediaType: "image/png", width: 64, height: 36 },
				{ width: 8, height: 8 },
			],
		});
		expect(provider.requests[0]).not.toHaveProperty("image");
	});

	it("that cannot be read are told by their number, and nothing is sent", async () => {
		const provider = new FakeProvider();
		const { videos } = await testService({ providers: [provider] });
		const generating = videos.textToVideo({ prompt: "x", references: [PICTURE, "missing.png"] }, { model });
		await expect(generating).rejects.toMatchObject({ code: "invalid_input", field: "references.1" });
		expect(provider.posts).toBe(0);
	});

	it("are recorded with the job, by their paths", async () => {
		const file = join(await temporaryFolder(), "kite.png");
		await writeFile(file, PICTURE);
		const ledger = new MemoryLedger();
		const { videos } = await testService({ providers: [new FakeProvider()], ledger });
		const job = await videos.submit({ prompt: "x", references: [file] }, { model });
		expect(await ledger.find(job.id)).toMatchObject({ task: "text-to-video", request: { references: [file] } });
		await job.wait();
	});

	it("tell requests apart in the cache by their bytes", async () => {
		const provider = new FakeProvider();
		const cache = { directory: await temporaryFolder() };
		const { videos } = await testService({ providers: [provider], cache });
		const make = (picture: Uint8Array) =>
			videos.textToVideo({ prompt: "x", seed: 1, references: [picture] }, { model }).then(({ fromCache }) => fromCache);
		expect(await make(PICTURE)).toBe(false);
		expect(await make(makePng(8, 8))).toBe(false);
		expect(await make(Uint8Array.from(PICTURE))).toBe(true);
		expect(provider.posts).toBe(2);
	});

	it("are refused where a model takes none, and left out with a warning when that is asked for", async () => {
		const options = { ...EVERYTHING, references: false };
		const provider = new FakeProvider({ models: [{ id: "one", tasks: ["text-to-video"], options }] });
		const { videos } = await testService({ providers: [provider] });
		const request = { prompt: "x", references: [PICTURE] };
		const refused = { code: "unsupported_option", field: "references" };
		await expect(videos.textToVideo(request, { model })).rejects.toMatchObject(refused);
		expect(provider.posts).toBe(0);
		const { warnings } = await videos.textToVideo(request, { model, onUnsupported: "adjust" });
		expect(warnings).toContain("references: left out, because fake:one does not take it");
		expect(provider.requests[0]).not.toHaveProperty("references");
	});
});
