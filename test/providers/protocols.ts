import { FAL_PROTOCOLS } from "./fal/protocols.ts";
import { GOOGLE_PROTOCOLS } from "./google/protocols.ts";
import { HUGGINGFACE_PROTOCOLS } from "./huggingface/protocols.ts";
import { OPENAI_VIDEOS_PROTOCOLS } from "./openai-videos/protocols.ts";
import type { Protocol } from "./protocol.ts";
import { REPLICATE_PROTOCOLS } from "./replicate/protocols.ts";

/** Every protocol that a built-in provider speaks. */
export const PROTOCOLS: readonly Protocol[] = [
	...GOOGLE_PROTOCOLS,
	...HUGGINGFACE_PROTOCOLS,
	...FAL_PROTOCOLS,
	...REPLICATE_PROTOCOLS,
	...OPENAI_VIDEOS_PROTOCOLS,
];
