import { spawn } from "node:child_process";

/** What the service does with the jobs that it is given. */
export type ServicePlan = {
	/** The size of every video. */
	readonly videoBytes: number;
	/** A job is done so long after its submission; absent, and without the next one: never. */
	readonly finishAfterMs?: number;
	/** A job is done at this look. */
	readonly finishAfterLooks?: number;
};

/** What arrived at the service so far. */
export type ServiceTally = { posts: number; looks: number; downloads: number };

/** The service in its process. */
export interface BenchService extends AsyncDisposable {
	readonly origin: string;
}

/** Where a client believes the service to be, when it cannot be told: what answers name is there, too. */
export const PUBLIC_ORIGIN_HEADER = "x-public-origin";

/** Starts the service. It ends when it is disposed of. */
export async function startService(plan: ServicePlan): Promise<BenchService> {
	const child = spawn(process.execPath, ["bench/support/fal-server.ts", JSON.stringify(plan)], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	const port = await new Promise<number>((resolve, reject) => {
		child.stdout.once("data", (chunk) => resolve(Number(chunk)));
		child.once("exit", () => reject(new Error("the service did not start")));
	});
	return {
		origin: `http://127.0.0.1:${port}`,
		async [Symbol.asyncDispose]() {
			const ended = new Promise((resolve) => child.once("exit", resolve));
			child.kill();
			await ended;
		},
	};
}

/** Another plan for the jobs to come. */
export async function changePlan(origin: string, plan: ServicePlan): Promise<void> {
	await fetch(`${origin}/plan`, { method: "POST", body: JSON.stringify(plan) });
}

/** What arrived at the service so far. */
export async function readTally(origin: string): Promise<ServiceTally> {
	return (await (await fetch(`${origin}/tally`)).json()) as ServiceTally;
}
