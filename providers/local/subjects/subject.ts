import type { Rgb } from "../art/color.ts";
import type { Layer, Stage } from "../art/stage.ts";
import type { Scene } from "../scenes/scene.ts";

/** Where a subject goes, and what the prompt says of it. */
export interface Placement {
	readonly scene: Scene;
	/** The colour that the prompt gives it. */
	readonly color?: Rgb;
	/** 0 for the first subject of the picture, 1 for the next: they must not cover each other. */
	readonly index: number;
}

/** Draws a thing that the prompt names. */
export type SubjectBuilder = (stage: Stage, placement: Placement) => Layer[];
