import type { Attempt } from "../errors/index.ts";

/**
 * What to say of the models that were asked, or left out, before the one that made the video: one sentence
 * each, with the last reason. From the attempts alone, so a job that is resumed tells the same.
 */
export function passedOver(attempts: readonly Attempt[], maker: string): readonly string[] {
	const last = new Map(attempts.map((attempt) => [attempt.model, attempt]));
	last.delete(maker);
	return [...last.values()].map(({ model, outcome, reason = "it failed" }) => {
		if (outcome === "skipped") return `model: ${model} was skipped: ${reason}`;
		const itsOwn = reason.startsWith(`${model} `) ? `it${reason.slice(model.length)}` : reason;
		return `${model} did not make this: ${itsOwn}`;
	});
}
