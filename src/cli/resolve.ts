import { InputError } from "../errors/index.ts";
import type { JobDecision } from "../index.ts";
import { EXIT } from "./exit-code.ts";
import { openService } from "./open-service.ts";
import type { CommonOptions, Terminal } from "./terminal.ts";

/** The flags of `resolve`, parsed. */
export interface ResolveFlags extends CommonOptions {
	readonly adopt?: string;
	readonly resubmit?: boolean;
	readonly abandon?: boolean;
}

/**
 * Carries out what a person has decided about an unknown submission. Without a decision it looks for the
 * operation once more, and says what is known.
 */
export async function resolve(jobId: string, flags: ResolveFlags, terminal: Terminal): Promise<number> {
	const decision = decisionOf(flags);
	await using videos = await openService();
	const job = await videos.resolve(jobId, decision);
	if (job === undefined) {
		terminal.note("given up; whether it was billed is not known");
		terminal.result(terminal.json ? JSON.stringify({ id: jobId, state: "failed" }) : jobId);
	} else {
		terminal.note(`${job.model} has it; collect it with: reelay resume ${job.id}`);
		terminal.result(terminal.json ? JSON.stringify({ id: job.id, token: job.token, model: job.model }) : job.token);
	}
	return EXIT.done;
}

function decisionOf({ adopt, resubmit, abandon }: ResolveFlags): JobDecision {
	const decisions: JobDecision[] = [];
	if (adopt !== undefined) decisions.push({ adopt });
	if (resubmit === true) decisions.push({ resubmit });
	if (abandon === true) decisions.push({ abandon });
	if (decisions.length > 1) throw new InputError("job", "decide on one of --adopt, --resubmit and --abandon");
	return decisions[0] ?? { find: true };
}
