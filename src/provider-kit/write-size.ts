import { aspectRatioOf, frameSize, parseExactSize } from "./frame-size.ts";
import type { OptionDraft, StyleOverride } from "./write-options.ts";

/** How a service wants a size. */
export interface SizeSettings {
	/** Its name for the size. @default "size" */
	readonly field?: string;
	/** What it writes between width and height. @default "x" */
	readonly separator?: string;
	/** The model renders sides that are multiples of this, in pixels. @default 2 */
	readonly multipleOf?: number;
	/** The class of resolution to take where only a ratio is asked for. @default "720p" */
	readonly resolution?: string;
}

/**
 * The override for services that want one size, such as `1280x704`, instead of a resolution and a ratio. Where no
 * ratio is asked for it is that of the first frame, else 16:9. What the user did not ask for is said in a warning. The
 * writers throw `InputError` for a resolution and a ratio that contradict each other or cannot be read.
 */
export function asOneSize({
	field = "size",
	separator = "x",
	multipleOf = 2,
	resolution: usual = "720p",
}: SizeSettings): Required<Pick<StyleOverride, "names" | "values">> {
	const write = (_given: string, { request, warn, note }: OptionDraft): string => {
		const { resolution, aspectRatio, image, model } = request;
		const ratio = image === undefined ? "16:9" : aspectRatioOf(image);
		const { width, height } = frameSize({ resolution, aspectRatio }, { resolution: usual, aspectRatio: ratio });
		const rendered = [width, height].map((side) => Math.max(1, Math.floor(side / multipleOf)) * multipleOf);
		const size = rendered.join(separator);
		if (resolution === undefined) {
			note(`resolution: sent as ${size}, as aspectRatio was given alone`);
		} else if (parseExactSize(resolution) === undefined) {
			if (aspectRatio === undefined) note(`resolution: sent as ${size}, as no aspectRatio was given`);
		} else if (size !== [width, height].join(separator)) {
			warn(`resolution: ${resolution} became ${size}, as ${model} renders multiples of ${multipleOf}`);
		}
		return size;
	};
	return {
		names: { resolution: field, aspectRatio: field },
		values: {
			resolution: write,
			aspectRatio: (ratio, draft) => (draft.request.resolution === undefined ? write(ratio, draft) : undefined),
		},
	};
}
