import { z } from "zod";
import type { VideoMetadata } from "./video-metadata.ts";

/** What was read from a video, as it comes back from disk. A field that is added and not named here does not compile. */
export const METADATA = z.strictObject({
	container: z.enum(["mp4", "mov", "webm", "mkv"]),
	codec: z.string().exactOptional(),
	width: z.number().exactOptional(),
	height: z.number().exactOptional(),
	durationSeconds: z.number().exactOptional(),
	fps: z.number().exactOptional(),
	hasAudio: z.boolean().exactOptional(),
} satisfies { readonly [Name in keyof VideoMetadata]-?: z.ZodType });
