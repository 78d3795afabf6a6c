import assert from "node:assert/strict";
import type { JsonObject, JsonValue } from "../provider/index.ts";
import { assertRefused } from "./common-cases.ts";
import type { TrialCase } from "./trial.ts";

/** What somebody could write where a handle has a text. */
const TAMPERED: readonly ((text: string) => JsonValue)[] = [
	() => "",
	() => "..",
	() => "../../admin",
	() => "%2e%2e%2fadmin",
	() => "http://127.0.0.1:9/admin",
	() => "//127.0.0.1:9/admin",
	(text) => `${text}/../../admin`,
	(text) => `${text}?a=b`,
	(text) => `${text}#`,
	(text) => `${text}\n`,
	(text) => ` ${text}`,
	(text) => [text],
	() => 42,
];

/** Handles come back years later, in another process, and from who knows where. */
export function handleCases(): readonly TrialCase[] {
	return [
		{
			name: "resumes in a fresh instance, without a submission",
			check: async (trial) => {
				const handle = await trial.handle();
				const fresh = trial.fresh();
				const { state } = await trial.look(handle, fresh);
				assert.ok(state === "queued" || state === "running", state);
				await trial.look(handle, fresh);
				assert.equal((await trial.look(handle, fresh)).state, "succeeded");
				assert.equal(trial.service.posts, 1);
			},
		},
		{
			name: "asks only the service that it is configured for, whatever the handle says",
			check: async (trial) => {
				const handle = await trial.handle();
				const before = trial.service.requests.length;
				// Nobody listens there; what counts is that nobody else is asked.
				const moved = trial.fresh({ baseUrl: "http://127.0.0.1:9/moved", apiKey: "another-key" });
				await assert.rejects(trial.look(handle, moved));
				assert.equal(trial.service.requests.length, before);
			},
		},
		{
			name: "refuses its own handle with any text in it changed, without a request",
			check: async (trial) => {
				const handle = await trial.handle();
				for (const path of textPaths(handle)) {
					for (const tamper of TAMPERED) await assertRefused(trial.provider, changed(handle, path, tamper));
				}
			},
		},
	];
}

/** The way to each text in a handle. */
function textPaths(value: JsonValue): readonly (readonly string[])[] {
	if (typeof value === "string") return [[]];
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) => textPaths(inner as JsonValue).map((path) => [name, ...path]));
}

function changed(value: JsonValue, path: readonly string[], tamper: (text: string) => JsonValue): JsonValue {
	const [name, ...rest] = path;
	if (name === undefined) return tamper(String(value));
	if (Array.isArray(value))
		return value.map((inner, at) => (String(at) === name ? changed(inner, rest, tamper) : inner));
	const object = value as JsonObject;
	return { ...object, [name]: changed(object[name] ?? null, rest, tamper) };
}
