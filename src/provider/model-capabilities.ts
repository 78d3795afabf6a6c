import type { GenerationOptions } from "./provider-request.ts";
import type { VideoTask } from "./video-task.ts";

/** Allowed numbers: a list, or a range with both ends included. */
export type NumberLimits =
	| { readonly values: readonly number[] }
	| {
			readonly min: number;
			readonly max: number;
			/** Distance between allowed values, counted from `min`. Absent: any fraction. */
			readonly step?: number;
	  };

/**
 * Exact pixel sizes that a model renders, both ends included, as for a landscape frame: the longer side
 * of any frame is held against the widths, the shorter one against the heights.
 */
export interface SizeLimits {
	readonly minWidth: number;
	readonly minHeight: number;
	readonly maxWidth: number;
	readonly maxHeight: number;
	/** Width and height must be multiples of this. */
	readonly multipleOf: number;
}

/**
 * Whether a model takes an option: `true` honours it, `false` does not know it, `null` is not known
 * (it is passed through with a warning). Every option must be answered, so that a new one cannot be
 * forgotten by an adapter.
 */
export type OptionSupport = { readonly [Name in keyof GenerationOptions]-?: boolean | null };

/** What a model can do, what it costs and when it ends. `undefined` means not known, never "no". */
export interface ModelCapabilities {
	/** The id without the provider's prefix. */
	readonly id: string;
	/** One line for people who choose between models. */
	readonly description?: string;
	/** The tasks it takes. */
	readonly tasks: readonly VideoTask[];
	/** Which options it takes. */
	readonly options: OptionSupport;
	/** Allowed lengths in seconds. */
	readonly durationSeconds?: NumberLimits;
	/** Allowed frame rates in frames per second. */
	readonly fps?: NumberLimits;
	/** The resolution classes it takes (`"720p"`), or the range of exact sizes. */
	readonly resolutions?: readonly string[] | SizeLimits;
	/** The aspect ratios it takes. */
	readonly aspectRatios?: readonly string[];
	/** Whether its clips have sound. */
	readonly audio?: "none" | "optional" | "always";
	/** List price in US dollars per second of video, one number or one per resolution class. */
	readonly priceUsdPerSecond?: number | Readonly<Record<string, number>>;
	/** Seconds of clip that it makes when none are asked for; needed to estimate a price. */
	readonly defaultDurationSeconds?: number;
	/**
	 * The frame rate at which the lengths and the price hold, of a model that counts frames: at twice the rate its
	 * clips are half as long, and a second costs twice as much. Absent: they hold at any rate.
	 */
	readonly countedAtFps?: number;
	/** What a generation usually takes, in milliseconds. The first look waits for about this long. */
	readonly typicalGenerationMs?: number;
	/** The day it stops, `YYYY-MM-DD`. A past day means that it has stopped. */
	readonly retiresOn?: string;
	/** The model to move to, as a full reference (`provider:model`). */
	readonly replacement?: string;
}
