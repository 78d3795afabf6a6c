import type { ModelInfo, NumberLimits, VideoTask } from "../index.ts";
import { EXIT } from "./exit-code.ts";
import { openService } from "./open-service.ts";
import { table } from "./table.ts";
import type { CommonOptions, Terminal } from "./terminal.ts";

/** The flags of `models`, parsed. */
export interface ModelsFlags extends CommonOptions {
	readonly task?: VideoTask;
	readonly provider?: string;
}

/** Lists the models that can be named. */
export async function models(flags: ModelsFlags, terminal: Terminal): Promise<number> {
	await using videos = await openService();
	const list = await videos.models({ task: flags.task, provider: flags.provider });
	if (terminal.json) {
		terminal.result(JSON.stringify(list));
		return EXIT.done;
	}
	terminal.result(table([["MODEL", "TASKS", "SECONDS", "SIZES", "AUDIO", "PRICE", "UNTIL"], ...list.map(row)]));
	for (const { reference, description } of list) {
		if (description !== undefined) terminal.note(`${reference}: ${description}`);
	}
	return EXIT.done;
}

function row(model: ModelInfo): readonly string[] {
	return [
		model.reference,
		model.tasks.join(", "),
		limits(model.durationSeconds),
		sizes(model),
		model.audio ?? "?",
		price(model),
		model.isRetired ? `ended ${model.retiresOn}` : (model.retiresOn ?? "-"),
	];
}

function limits(limit: NumberLimits | undefined): string {
	if (limit === undefined) return "?";
	return "values" in limit ? limit.values.join(", ") : `${limit.min}-${limit.max}`;
}

function sizes({ resolutions }: ModelInfo): string {
	if (resolutions === undefined) return "?";
	if ("minWidth" in resolutions) {
		return `${resolutions.minWidth}x${resolutions.minHeight} to ${resolutions.maxWidth}x${resolutions.maxHeight}`;
	}
	return resolutions.join(", ");
}

function price({ billing, priceUsdPerSecond }: ModelInfo): string {
	if (billing === "free") return "free";
	if (priceUsdPerSecond === undefined) return "?";
	const prices = typeof priceUsdPerSecond === "number" ? [priceUsdPerSecond] : Object.values(priceUsdPerSecond);
	const [low, high] = [Math.min(...prices), Math.max(...prices)];
	return low === high ? `$${low}/s` : `$${low}-${high}/s`;
}
