import { describe, expect, it } from "vitest";
import { MemoryLedger } from "../../src/index.ts";
import type { JsonValue } from "../../src/provider/index.ts";
import { FakeProvider, fail } from "../support/fake-provider.ts";
import { testService } from "../support/service.ts";

const lost = fail(new TypeError("socket hang up"));

describe("an operation that a search finds", () => {
	it.each([
		["is another job's already: the lost submission stays unknown", "taken", "submit_unknown"],
		["is nobody's: it is the lost one", "free", "accepted"],
	])("%s", async (_what, kind, state) => {
		const ledger = new MemoryLedger();
		let listed: JsonValue | undefined;
		const find = () => listed;
		const provider = new FakeProvider({ starts: [() => undefined, lost], find, traits: { lookup: "list" } });
		const { videos } = await testService({ ledger, providers: [provider] });
		const first = await videos.submit({ prompt: "a kite" }, { model: "fake:one" });
		const handle = (await ledger.find(first.id))?.attempts.at(-1)?.handle;
		listed = kind === "taken" ? handle : { job: "another" };
		await videos.submit({ prompt: "a kite" }, { model: "fake:one" }).catch(() => undefined);
		const second = (await videos.jobs()).find((job) => job.id !== first.id);
		expect(second?.state).toBe(state);
	});
});
