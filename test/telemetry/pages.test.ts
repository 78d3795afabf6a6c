import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EVENT_NAMES } from "../../src/telemetry/event-names.ts";
import { METRICS } from "../../src/telemetry/metrics.ts";

describe("docs/observability.md", () => {
	const rows = readFileSync("docs/observability.md", "utf8").matchAll(/^\| `([\w-]+)` \| (?:`([\w.]+)` \|)?/gm);
	const tables = [...rows].map(([, first = "", second]) => ({ first, second }));

	it("lists every event, and no other", () => {
		const listed = tables.filter(({ second }) => second === undefined).map(({ first }) => first);
		expect(listed).toEqual(EVENT_NAMES);
	});

	it("lists every metric by both its names, and no other", () => {
		const listed = tables.filter(({ second }) => second !== undefined);
		expect(listed).toEqual(
			Object.values(METRICS).map(({ prometheus, openTelemetry }) => ({ first: prometheus, second: openTelemetry })),
		);
	});
});
