import { z } from "zod";
import { isVideoMetadata } from "../media/index.ts";
import type { FinishedVideo, PaidCost } from "./cached-video.ts";

/** What the cache keeps beside a file. */
export interface CacheEntry extends Omit<FinishedVideo, "path"> {
	/** When it was put there, in milliseconds since 1970-01-01 UTC. */
	readonly madeAtMs: number;
}

/** An entry with the place of its file. */
export interface FoundEntry extends CacheEntry {
	/** Absolute, inside the cache. */
	readonly contentPath: string;
}

/** A schema for every field, so that a field that is added cannot be forgotten here. */
type FieldsOf<Type> = { readonly [Name in keyof Type]-?: z.ZodType };

const ENTRY: z.ZodType<CacheEntry> = z.lazy(() =>
	z.strictObject({
		model: z.string(),
		sizeBytes: z.int().positive(),
		sha256: z.string().regex(/^[0-9a-f]{64}$/),
		metadata: z.custom<FinishedVideo["metadata"]>(isVideoMetadata),
		warnings: z.array(z.string()),
		cost: z.strictObject({
			usd: z.number().exactOptional(),
			source: z.enum(["service", "estimate", "free", "unknown"]),
		} satisfies FieldsOf<PaidCost>),
		madeAtMs: z.number(),
	} satisfies FieldsOf<CacheEntry>),
);

const ROW = z.lazy(() => z.object({ integrity: z.string(), path: z.string(), metadata: ENTRY }));

/** The name of a content as cacache writes it. */
export function integrityOf(sha256: string): string {
	return `sha256-${Buffer.from(sha256, "hex").toString("base64")}`;
}

/** What to keep of a finished video. */
export function entryOf(video: FinishedVideo, madeAtMs: number): CacheEntry {
	const { model, sizeBytes, sha256, metadata, warnings, cost } = video;
	return { model, sizeBytes, sha256, metadata, warnings, cost, madeAtMs };
}

/** What a row of cacache's index says; `undefined` when it is not one that `entryOf` made. */
export function readEntry(row: unknown): FoundEntry | undefined {
	const parsed = ROW.safeParse(row);
	if (!parsed.success) return undefined;
	const { integrity, path, metadata: entry } = parsed.data;
	return integrity === integrityOf(entry.sha256) ? { ...entry, contentPath: path } : undefined;
}

/** Whether an entry has reached its end. One from the future was written by a clock that was wrong. */
export function isExpired({ madeAtMs }: CacheEntry, nowMs: number, maxAgeMs: number): boolean {
	return Math.abs(nowMs - madeAtMs) > maxAgeMs;
}
