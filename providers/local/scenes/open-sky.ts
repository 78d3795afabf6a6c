import type { Canvas } from "@napi-rs/canvas";
import { type Glow, paintBackdrop } from "../art/backdrop.ts";
import { paintCirrus } from "../art/cirrus.ts";
import type { Rgb } from "../art/color.ts";
import { skyAt } from "../art/palette.ts";
import { type Luminary, luminaryGlows, luminaryLayer, placeLuminary, starLayer } from "../art/sky.ts";
import type { Layer, Stage } from "../art/stage.ts";

/** The sky over a landscape: what stands still, and the lights in it. */
export interface OpenSky {
	readonly backdrop: Canvas;
	readonly luminary: Luminary;
	readonly layers: readonly Layer[];
}

/** Paints a sky down to `horizon` pixels, and what `below` says under it. */
export function openSky(
	stage: Stage,
	horizon: number,
	below: { readonly rowColor?: (y: number) => Rgb; readonly glows?: (luminary: Luminary) => readonly Glow[] } = {},
): OpenSky {
	const { palette } = stage;
	const luminary = placeLuminary(stage, horizon);
	const backdrop = paintBackdrop(
		stage,
		(y) => (y < horizon || below.rowColor === undefined ? skyAt(palette, y / horizon) : below.rowColor(y)),
		[...luminaryGlows(stage, luminary), ...(below.glows?.(luminary) ?? [])],
	);
	paintCirrus(backdrop, stage, horizon);
	const disc = luminaryLayer(stage, luminary);
	return {
		backdrop,
		luminary,
		layers: [
			...(palette.time === "night" && stage.weather === "clear" ? [starLayer(stage, horizon, 190)] : []),
			...(disc === undefined ? [] : [disc]),
		],
	};
}
