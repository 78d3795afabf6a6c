import type { PlannedRequest } from "../index.ts";
import { inFlags } from "./report-error.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** Prints which models would be asked, at what price, and what would be changed for each. */
export function printPlan(plan: PlannedRequest, terminal: Terminal): void {
	for (const warning of plan.warnings) terminal.note(`warning: ${inFlags(warning)}`);
	if (terminal.json) {
		terminal.result(JSON.stringify(plan));
		return;
	}
	const rows = plan.models.map(({ model, estimatedCostUsd, adjustments }, index) => [
		String(index + 1),
		model,
		estimatedCostUsd === undefined ? "price not known" : `about $${estimatedCostUsd.toFixed(2)}`,
		adjustments.map(inFlags).join(" · ") || "as asked",
	]);
	const skipped = plan.skipped.map(({ model, reason }) => ["-", model, "skipped", inFlags(reason ?? "")]);
	terminal.result(table([...rows, ...skipped], terminal.columns));
}
