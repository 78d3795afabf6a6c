import type { ModelInfo, NumberLimits, VideoTask } from "../index.ts";

/** A model, and whether a request to it could be sent now. */
export interface ListedModel extends ModelInfo {
	readonly usable: boolean;
	/** Why it is not, or what makes it so, in one line. */
	readonly detail: string;
}

/** What is said of a model beside its name. */
export const COLUMNS = ["TASK", "SECONDS", "SIZES", "AUDIO", "PRICE", "RETIRES"];

const TASKS: Readonly<Record<VideoTask, string>> = { "text-to-video": "text", "image-to-video": "image" };

/** A cell for each of the columns; `-` stands for what is not known, or never. */
export function cellsOf(model: ListedModel): readonly string[] {
	return [
		model.tasks.map((task) => TASKS[task]).join("+"),
		seconds(model.durationSeconds),
		sizes(model),
		model.audio ?? "-",
		price(model),
		model.retiresOn ?? "-",
	];
}

function seconds(limit: NumberLimits | undefined): string {
	if (limit === undefined) return "-";
	return "values" in limit ? limit.values.join(",") : `${limit.min}-${limit.max}`;
}

function sizes({ resolutions }: ModelInfo): string {
	if (resolutions === undefined) return "-";
	if ("minWidth" in resolutions) {
		return `${resolutions.minWidth}x${resolutions.minHeight}-${resolutions.maxWidth}x${resolutions.maxHeight}`;
	}
	return resolutions.join(",");
}

function price({ billing, priceUsdPerSecond }: ModelInfo): string {
	if (billing === "free") return "free";
	if (priceUsdPerSecond === undefined) return "-";
	const prices = typeof priceUsdPerSecond === "number" ? [priceUsdPerSecond] : Object.values(priceUsdPerSecond);
	const [low, high] = [cents(Math.min(...prices)), cents(Math.max(...prices))];
	return low === high ? `$${low}/s` : `$${low}-${high}/s`;
}

function cents(usd: number): string {
	return usd.toFixed(3).replace(/0$/, "");
}
