import type { SKRSContext2D } from "@napi-rs/canvas";
import type { Palette, Weather } from "./palette.ts";
import type { Random } from "./random.ts";

/** The frame and everything that all parts of a picture share. */
export interface Stage {
	/** Pixels across and down. */
	readonly width: number;
	readonly height: number;
	/** One hundredth of the short side, in pixels: the measure of everything that is drawn. */
	readonly unit: number;
	/** Length of the clip in seconds. */
	readonly seconds: number;
	readonly palette: Palette;
	readonly weather: Weather;
	/** 0 is calm, 1 a breeze, 2 a storm. */
	readonly wind: number;
	readonly random: Random;
}

/** One instant of the clip. */
export interface Moment {
	/** Seconds from the start. */
	readonly seconds: number;
	/** 0 at the first frame, 1 at the last. */
	readonly share: number;
}

/** Draws onto a frame. What it draws depends on the moment alone, never on an earlier call. */
export type Paint = (context: SKRSContext2D, moment: Moment) => void;

/** A part of the picture at one distance from the camera. */
export interface Layer {
	/** 0 is infinitely far and stands still, 1 is near and follows every move of the camera. */
	readonly depth: number;
	readonly paint: Paint;
}

/** How far a layer must reach beyond each edge of the frame, as a share of the side, to survive every camera move. */
export const OVERSCAN = 0.22;
