import assert from "node:assert/strict";
import type { GenerationOptions, JsonObject, JsonValue, ProviderRequest, VideoProvider } from "../provider/index.ts";
import type { HttpContract } from "./contract-options.ts";
import { optionValues } from "./option-values.ts";
import type { RequestRecord } from "./scripted-service.ts";
import type { Trial, TrialCase } from "./trial.ts";

/** A seed that no other field has by chance. */
const SEED = 4_294_967_291;
const OWN_FIELD = "reelay-test";
const PROMPT = 'A "red" kite\nüber dem 海 🏔️ <b>&amp; \\u0000 %20';
/** Headers that say nothing about the request, or are not the same twice. */
const SILENT = /^(?:authorization|content-length|content-type|host|connection|user-agent|accept.*|sec-fetch-mode)$/;

/** What one submission put on the wire; `undefined` when it was refused before anything was sent. */
interface Sent {
	/** Everything that was sent, in a form that is the same for the same request. */
	readonly text: string;
	/** Every text and number in it. */
	readonly values: readonly string[];
	/** The fields of the submission itself. */
	readonly fields: unknown;
	readonly warnings: readonly string[];
}

/** No option is dropped in silence: each is on the wire, or in a warning, or refused before anything is sent. */
export function optionCases({ request, options = {} }: HttpContract, provider: VideoProvider): readonly TrialCase[] {
	const values = optionValues(provider.model(request.model), options);
	const names = Object.keys(values) as (keyof GenerationOptions)[];
	return [
		{
			name: "sends the same for the same request",
			check: async (trial) => {
				const [first, second] = [await send(trial, request), await send(trial, request)];
				assert.equal(second?.text, first?.text, "a submission says more than its request");
			},
		},
		{
			name: "sends the prompt as it is",
			check: async (trial) => {
				const sent = await send(trial, { ...request, prompt: PROMPT });
				const isThere = sent?.values.some((value) => unbroken(value).includes(PROMPT));
				assert.ok(isThere, "the prompt is not what was sent");
			},
		},
		{
			name: "sends providerOptions, or says what it leaves out",
			check: (trial) => assertHeeded(trial, "providerOptions", [{ [OWN_FIELD]: 0 }]),
		},
		{
			name: "lets providerOptions replace nothing that the request says, in silence",
			check: (trial) => assertKept(trial, values.seed.length > 0 ? { ...request, seed: SEED } : request),
		},
		{
			name: "sends the picture as it is",
			check: async (trial) => {
				const { image } = request;
				if (image === undefined) return;
				await send(trial, request);
				const bodies = trial.service.requests.map((record) => Buffer.from(record.request.body).toString("latin1"));
				const { buffer, byteOffset, byteLength } = image.data;
				const data = Buffer.from(buffer, byteOffset, byteLength);
				const spellings = [data.toString("latin1"), data.toString("base64")];
				const isThere = bodies.some((body) => spellings.some((spelling) => body.includes(spelling)));
				assert.ok(isThere, "the picture is not what was sent");
			},
		},
		...names
			.filter((name) => values[name].length > 0)
			.map((name) => ({
				name: `heeds ${name} alone: ${values[name].map(describe).join(", ")}`,
				check: (trial: Trial) => assertHeeded(trial, name, values[name]),
			})),
	];
}

async function assertHeeded(
	trial: Trial,
	name: keyof GenerationOptions | "providerOptions",
	values: readonly unknown[],
): Promise<void> {
	const { [name]: _absent, ...rest } = trial.request;
	const without: ProviderRequest = { ...rest, providerOptions: {} };
	const plain = await send(trial, without);
	assert.ok(plain !== undefined, "the plain request is refused");
	const seen = new Map([[plain.text, "absent"]]);
	for (const value of values) {
		const sent = await send(trial, { ...without, [name]: value });
		if (sent === undefined || sent.warnings.some((warning) => warning.includes(name))) continue;
		const same = seen.get(sent.text);
		assert.equal(same, undefined, `${name}: ${describe(value)} sends what ${same} sends, without a warning`);
		seen.set(sent.text, describe(value));
		if (name !== "seed" && name !== "negativePrompt") continue;
		const isThere = sent.values.some((found) => found.includes(String(value)));
		assert.ok(isThere, `${name}: ${describe(value)} is not what is sent`);
	}
}

/** Finds out where the user's own fields go, and says there again what the request says. */
async function assertKept(trial: Trial, request: ProviderRequest): Promise<void> {
	const asked = { ...request, prompt: PROMPT };
	const marked = await send(trial, { ...asked, providerOptions: { [OWN_FIELD]: true } });
	const fields = leavesOf(marked?.fields);
	const parent = fields.find(({ path }) => path.at(-1) === OWN_FIELD)?.path.slice(0, -1);
	if (parent === undefined) return; // It takes no fields of the user's own.
	for (const name of ["prompt", "model", "seed"] as const) {
		for (const { path, value } of fields) {
			const isBeside = parent.every((step, at) => path[at] === step);
			if (unbroken(value) !== String(asked[name]) || !isBeside) continue;
			const own = nested(path.slice(parent.length), name === "seed" ? 1 : "another");
			const sent = await send(trial, { ...asked, providerOptions: own });
			const isSaid = sent === undefined || sent.warnings.some((warning) => warning.includes(path.at(-1) ?? name));
			assert.ok(isSaid, `${name} and providerOptions.${path.join(".")} contradict each other, and nobody is told`);
		}
	}
}

/** Submits, as a job of its own. */
async function send(trial: Trial, request: ProviderRequest): Promise<Sent | undefined> {
	const { service } = trial;
	const before = service.requests.length;
	const number = String(before).padStart(4, "0");
	const ids = {
		jobId: `job_000000000000000000000${number}`,
		idempotencyKey: `00000000-0000-4000-8000-00000000${number}`,
	};
	const ended = await trial.start(request, ids);
	const sent = service.requests.slice(before);
	if (ended.outcome !== "accepted") {
		assert.equal(ended.outcome, "rejected", "a request of which nothing was sent is rejected");
		assert.ok(
			sent.every(({ call }) => call !== "submit"),
			"it was sent, and refused",
		);
		return undefined;
	}
	const parts = await Promise.all(sent.map(readRecord));
	const text = JSON.stringify(parts).replaceAll(ids.jobId, "JOB").replaceAll(ids.idempotencyKey, "KEY");
	const submission = sent.find(({ call }) => call === "submit")?.request;
	const fields =
		submission?.json ?? Object.fromEntries([...(submission?.form ?? [])].map(([name, value]) => [name, parsed(value)]));
	return { text, values: valuesIn(parts), fields, warnings: ended.result.warnings ?? [] };
}

async function readRecord({ request }: RequestRecord): Promise<unknown> {
	const { method, url, headers, json, form, body } = request;
	const said = Object.entries(headers).filter(([name]) => !SILENT.test(name));
	if (form === undefined) return [method, url.pathname, url.search, said, json ?? Buffer.from(body).toString("base64")];
	const fields = await Promise.all(
		[...form].map(async ([name, value]) => {
			if (typeof value === "string") return [name, value, parsed(value)];
			return [name, value.type, Buffer.from(await value.arrayBuffer()).toString("base64")];
		}),
	);
	return [method, url.pathname, url.search, said, fields];
}

/** A form ends its lines with CR LF. */
function unbroken(text: string): string {
	return text.replaceAll("\r\n", "\n");
}

/** Some services want JSON in the fields of a form. */
function parsed(text: unknown): unknown {
	if (typeof text !== "string") return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

interface Leaf {
	/** The names that lead to it. */
	readonly path: readonly string[];
	readonly value: string;
}

/** Every text and number in the fields of a submission; of a list only that it is there. */
function leavesOf(fields: unknown, path: readonly string[] = []): readonly Leaf[] {
	if (typeof fields !== "object" || fields === null) return [{ path, value: String(fields) }];
	// What is in a list has no name to be given again: saying the list again replaces it.
	if (Array.isArray(fields)) return valuesIn(fields).map((value) => ({ path, value }));
	return Object.entries(fields).flatMap(([name, value]) => leavesOf(value, [...path, name]));
}

function nested([name, ...rest]: readonly string[], value: JsonValue): JsonObject {
	if (name === undefined) return {};
	return { [name]: rest.length === 0 ? value : nested(rest, value) };
}

function valuesIn(value: unknown): readonly string[] {
	if (typeof value !== "object" || value === null) return [String(value)];
	return Object.values(value).flatMap(valuesIn);
}

function describe(value: unknown): string {
	const text = JSON.stringify(value, (_name, inner) => (inner instanceof Uint8Array ? "…" : inner));
	return text.length > 40 ? "a picture" : text;
}
