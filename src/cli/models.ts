import { processEnvironment } from "../config/index.ts";
import type { ModelInfo, VideoTask } from "../index.ts";
import { diagnose } from "../service/index.ts";
import { clip, widthOf } from "./clip.ts";
import { EXIT } from "./exit-code.ts";
import { COLUMNS, cellsOf, type ListedModel } from "./model-rows.ts";
import { loadProviders, openService } from "./open-service.ts";
import { table, wrap } from "./table.ts";
import type { CommonOptions, Terminal } from "./terminal.ts";

/** The flags of `models`, parsed. */
export interface ModelsFlags extends CommonOptions {
	readonly task?: VideoTask;
	readonly provider?: string;
}

/** One long list of sizes must not push the columns behind it off the screen. */
const WIDEST_CELL = 18;

/** Lists the models that can be named, and says which can be used now. */
export async function models(flags: ModelsFlags, terminal: Terminal): Promise<number> {
	const list = await listModels(flags);
	if (terminal.json) {
		terminal.result(JSON.stringify(list));
		return EXIT.done;
	}
	const rows = list.map((model) => [model.reference, ...cellsOf(model), usableText(model)]);
	const whole = table([["MODEL", ...COLUMNS, "USABLE NOW"], ...rows]);
	const { columns = Number.POSITIVE_INFINITY } = terminal;
	const fits = whole.split("\n").every((line) => widthOf(line) < columns);
	terminal.result(fits ? whole : narrowList(list, columns));
	return EXIT.done;
}

async function listModels({ task, provider }: ModelsFlags): Promise<readonly ListedModel[]> {
	await using videos = await openService();
	const found = await videos.models({ task, provider });
	const { providers } = await diagnose(processEnvironment(), await loadProviders());
	const standing = new Map(providers.map(({ id, usable, detail }) => [id, { usable, detail }]));
	return found.map((model) => {
		if (model.isRetired) return { ...model, usable: false, detail: retirement(model) };
		return { ...model, ...(standing.get(model.provider) ?? { usable: false, detail: "not known" }) };
	});
}

/** A model a line would not fit: its name has a line of its own, below its provider's. */
function narrowList(list: readonly ListedModel[], columns: number): string {
	const cells = list.map((model) => cellsOf(model).map((cell) => clip(cell, WIDEST_CELL)));
	const facts = table([COLUMNS, ...cells]).split("\n");
	const lines = ["MODEL", `  ${facts[0]}`];
	for (const [index, model] of list.entries()) {
		if (list[index - 1]?.provider !== model.provider) {
			lines.push("", ...wrap(providerText(model, list), columns - 1), "");
		}
		lines.push(model.reference, `  ${clip(facts[index + 1] ?? "", columns - 3)}`);
		const more = [
			...(model.isRetired ? [model.detail] : []),
			...(model.description === undefined ? [] : [model.description]),
		];
		lines.push(...more.flatMap((text) => wrap(text, columns - 3)).map((line) => `  ${line}`));
	}
	return lines.join("\n");
}

function providerText({ provider }: ListedModel, list: readonly ListedModel[]): string {
	const model = list.find((one) => one.provider === provider && !one.isRetired);
	if (model === undefined) return `${provider}:`;
	return model.usable ? `${provider}: usable now (${model.detail})` : `${provider}: not usable now: ${model.detail}`;
}

/** The remedy is left to `doctor`. */
function usableText({ usable, detail }: ListedModel): string {
	return usable ? "yes" : `no: ${detail.split(";")[0]}`;
}

function retirement({ retiresOn, replacement }: ModelInfo): string {
	return `it ended on ${retiresOn}${replacement === undefined ? "" : `; use ${replacement}`}`;
}
