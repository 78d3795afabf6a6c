import type { PlannedModel, PlannedRequest } from "../index.ts";
import { EXIT } from "./exit-code.ts";
import { inFlags } from "./report-error.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Prints which models would be asked, at what price, what would be changed for each, and which cannot be.
 * Returns the exit code: whether any can.
 */
export function printPlan(plan: PlannedRequest, terminal: Terminal): number {
	const exitCode = canBeAsked(plan) ? EXIT.done : EXIT.notConfigured;
	for (const warning of plan.warnings) terminal.note(`warning: ${inFlags(warning)}`);
	if (terminal.json) {
		terminal.result(JSON.stringify(plan));
		return exitCode;
	}
	const rows = plan.models.map((planned, index) => [
		String(index + 1),
		planned.model,
		planned.estimatedCostUsd === undefined ? "price not known" : `about $${planned.estimatedCostUsd.toFixed(2)}`,
		notesOn(planned).map(inFlags).join(" · ") || "as asked",
	]);
	const skipped = plan.skipped.map(({ model, reason }) => ["-", model, "skipped", inFlags(reason ?? "")]);
	terminal.result(table([...rows, ...skipped], terminal.columns));
	return exitCode;
}

/** Whether any model of a plan could be asked now. */
export function canBeAsked({ models }: PlannedRequest): boolean {
	return models.some(({ unusable }) => unusable === undefined);
}

/** What would be changed for a model, and what keeps it from being asked; empty when it would be sent as asked. */
export function notesOn({ adjustments, unusable }: PlannedModel): readonly string[] {
	return unusable === undefined ? adjustments : [...adjustments, `cannot be asked: ${unusable}`];
}
