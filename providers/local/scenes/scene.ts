import type { Canvas } from "@napi-rs/canvas";
import type { Luminary } from "../art/sky.ts";
import type { Layer, Stage } from "../art/stage.ts";

/** A place where something that the prompt names can stand or float. */
export interface Footing {
	/** Pixels from the top, at the foot of the thing. */
	readonly y: number;
	/** The camera depth of that place. */
	readonly depth: number;
	/** How large things are there; 1 is usual. */
	readonly scale: number;
}

/** A picture without its subjects. */
export interface Scene {
	/** What stands still behind everything. */
	readonly backdrop: Canvas;
	readonly layers: readonly Layer[];
	/** Pixels at which the sky ends. */
	readonly horizon: number;
	readonly luminary: Luminary;
	/** Where things stand; absent where there is no ground. */
	readonly ground?: Footing;
	/** Where things float; absent where there is no water. */
	readonly water?: Footing;
	/** Whether the whole frame is below water, or in space, where other rules hold. */
	readonly medium?: "water" | "space";
}

/** Builds a scene for a frame. */
export type SceneBuilder = (stage: Stage) => Scene;
