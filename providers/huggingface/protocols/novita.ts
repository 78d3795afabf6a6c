import { z } from "zod";
import { parseLook, parseSubmitted } from "../../../src/provider-kit/index.ts";
import { failed, reasonOf, succeeded } from "../errors.ts";
import { handleBase, jobId, type Protocol } from "./protocol.ts";

const submittedSchema = z.looseObject({ task_id: jobId });
const resultSchema = z.looseObject({
	task: z.looseObject({ status: z.string(), reason: z.string().nullish().catch(null) }),
	videos: z
		.array(z.looseObject({ video_url: z.unknown() }))
		.nullish()
		.catch(null),
});

/** Novita's asynchronous tasks. */
export const novita: Protocol<"novita", { readonly id: string }> = {
	handle: handleBase.extend({ at: z.literal("novita") }),
	submitted: (answer) => ({ place: { id: parseSubmitted(submittedSchema, answer).task_id } }),
	async look({ id }, ask) {
		const answer = await ask(["v3", "async", "task-result"], { query: { task_id: id } });
		const { task, videos } = parseLook(resultSchema, answer);
		switch (task.status) {
			case "TASK_STATUS_SUCCEED":
				return succeeded((videos ?? []).map((video) => video.video_url));
			case "TASK_STATUS_FAILED":
				return failed(reasonOf(task.reason) ?? reasonOf(answer.json) ?? "no reason was given");
			case "TASK_STATUS_QUEUED":
				return { state: "queued" };
			default:
				return { state: "running" };
		}
	},
};
