import type { Fetch, VideoProvider } from "../provider/index.ts";
import type { HttpContract } from "./contract-options.ts";
import { type Fault, faults } from "./faults.ts";
import type { ServiceCallName } from "./scripted-service.ts";
import { passOn, type Trial, type TrialCase } from "./trial.ts";

const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * The key goes to its own service and nowhere else. `Trial` looks through everything that is thrown or
 * returned, every URL, and all that reaches another origin; here the service and the network do their worst.
 */
export function secretCases(_contract: HttpContract, { traits }: VideoProvider): readonly TrialCase[] {
	const calls: readonly ServiceCallName[] = [
		"submit",
		"look",
		...(traits.cancel === "none" ? [] : (["cancel"] as const)),
		...(traits.lookup === "none" ? [] : (["list"] as const)),
	];
	const broken: TrialCase = {
		name: "hides a key that no header can carry",
		check: async (trial) => {
			const provider = trial.fresh({ baseUrl: trial.service.baseUrl, apiKey: `line\n${trial.apiKey}` });
			await trial.errorOf("start", (context) => provider.start(trial.request, context));
		},
	};
	const cases = calls.flatMap((call) => [
		...echoes().map(([what, fault]) => ({
			name: `hides the key that comes back in ${what} to a ${call}`,
			check: async (trial: Trial) => {
				const handle = call === "submit" ? null : await trial.handle();
				trial.service.every(call, fault(trial.apiKey));
				await attempt(trial, call, handle);
			},
		})),
		...REDIRECTS.map((status) => ({
			name: `does not follow a ${status} to another origin with a ${call}`,
			check: async (trial: Trial) => {
				const handle = call === "submit" ? null : await trial.handle();
				const { stranger } = trial.service;
				trial.service.every(call, faults.redirect(`${stranger.origin}/v1/jobs?key=${trial.apiKey}`, status));
				await attempt(trial, call, handle);
			},
		})),
		{
			name: `hides the key when the network's error shows the request of a ${call}`,
			check: async (trial: Trial) => {
				const handle = call === "submit" ? null : await trial.handle();
				await attempt(trial, call, handle, async (input, init) => {
					const shown = `${String(input)} ${JSON.stringify([...new Headers(init?.headers)])}`;
					throw Object.assign(new TypeError(`failed: ${shown}`, { cause: new TypeError(shown) }), { request: init });
				});
			},
		},
	]);
	return [broken, ...cases];
}

/** Places in which a service may repeat the key. */
function echoes(): readonly (readonly [string, (key: string) => Fault])[] {
	const json = (key: string) => JSON.stringify({ error: { message: `the key ${key} is not valid` }, detail: key });
	return [
		["an error in JSON", (key) => faults.body(json(key), "application/json", "before-commit", 400)],
		["an error in text", (key) => faults.body(`Authorization: Bearer ${key}`, "text/plain", "before-commit", 401)],
		["an error page", (key) => faults.body(`<pre>${key}</pre>`, "text/html", "before-commit", 500)],
		["a page", (key) => faults.body(`<pre>${key}</pre>`, "text/html")],
		["the id of a refused request", (key) => faults.status(422, { "x-request-id": key, "request-id": key })],
		["a wait", (key) => faults.status(429, { "retry-after": key })],
	];
}

/** Makes the call. What it throws is looked through by the trial; that it throws is not the matter here. */
async function attempt(
	trial: Trial,
	call: ServiceCallName,
	handle: Parameters<Trial["look"]>[0],
	fetch: Fetch = globalThis.fetch,
): Promise<void> {
	const { provider } = trial;
	if (call === "submit") {
		await trial.start(trial.request, { fetch });
		return;
	}
	const made = trial.call<unknown>(
		call,
		async (context) => {
			if (call === "look") return provider.status(handle, context);
			if (call === "cancel") return provider.cancel?.(handle, context);
			return provider.find?.({ ...context, model: "any", inputHash: "0".repeat(64), submittedAtMs: 0 }, context);
		},
		{ fetch },
	);
	await made.catch(passOn);
}
