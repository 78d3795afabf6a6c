import { z } from "zod";
import type { VideoMetadata } from "./video-metadata.ts";

/** A field that is added and not named here does not compile. */
const METADATA = z.lazy(() =>
	z.strictObject({
		container: z.enum(["mp4", "mov", "webm", "mkv"]),
		codec: z.string().exactOptional(),
		width: z.number().exactOptional(),
		height: z.number().exactOptional(),
		durationSeconds: z.number().exactOptional(),
		fps: z.number().exactOptional(),
		hasAudio: z.boolean().exactOptional(),
	} satisfies { readonly [Name in keyof VideoMetadata]-?: z.ZodType }),
);

/** Whether a value that comes back from disk is what was read from a video. */
export function isVideoMetadata(value: unknown): value is VideoMetadata {
	return METADATA.safeParse(value).success;
}
