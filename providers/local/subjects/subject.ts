import type { Rgb } from "../art/color.ts";
import type { Layer, Stage } from "../art/stage.ts";
import type { Footing, Scene } from "../scenes/scene.ts";

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

/** Where a thing stands in a scene; at the lower edge where the scene has no ground. */
export function footing(stage: Stage, scene: Scene): Footing {
	return scene.ground ?? scene.water ?? { y: stage.height * 1.01, depth: 0.7, scale: 1.1 };
}
