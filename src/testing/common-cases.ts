import assert from "node:assert/strict";
import { isVideoError } from "../errors/index.ts";
import type { Fetch, JsonValue, OperationStatus, VideoProvider } from "../provider/index.ts";
import type { CommonContract, ContractCase } from "./contract-options.ts";
import { startContext } from "./trial.ts";

/** Makes a provider for one case, and frees it afterwards. */
export type UseProvider = (check: (provider: VideoProvider) => Promise<void> | void) => Promise<void>;

const LARGEST_HANDLE_BYTES = 512;
const HOSTILE_HANDLES: readonly JsonValue[] = [
	null,
	0,
	"",
	"../../admin",
	"%2e%2e/admin",
	"http://127.0.0.1/",
	[],
	{},
	{ id: "../../admin", url: "http://127.0.0.1/" },
	"x".repeat(65_536),
];

/** What holds for every provider, whatever is behind it. */
export function commonCases(options: CommonContract, use: UseProvider): readonly ContractCase[] {
	const cases: ContractCase[] = [];
	const add = (name: string, check: (provider: VideoProvider) => Promise<void> | void) => {
		cases.push({ name, run: () => use(check) });
	};

	add("has an id that can prefix a model reference", ({ id }) => {
		assert.match(id, /^[a-z][a-z0-9-]{0,31}$/);
	});
	add("offers the calls that its traits promise", ({ traits, cancel, find }) => {
		assert.equal(cancel !== undefined, traits.cancel !== "none", "cancel");
		assert.equal(find !== undefined, traits.lookup !== "none", "find");
	});
	add("lists only models that it knows", (provider) => {
		for (const { id } of provider.models?.() ?? []) assert.equal(provider.model(id)?.id, id);
	});
	add("gives a small handle that survives JSON, and no second submission for the look", async (provider) => {
		const { handle } = await provider.start(options.request, startContext());
		const text = JSON.stringify(handle);
		assert.ok(Buffer.byteLength(text) <= LARGEST_HANDLE_BYTES, `the handle has ${Buffer.byteLength(text)} bytes`);
		assert.deepEqual(JSON.parse(text), handle);
		const status = await untilEnded(provider, JSON.parse(text) as JsonValue, options.timeoutMs);
		assert.equal(status.state, "succeeded");
	});
	add("reports progress from 0 to 1 that never falls", async (provider) => {
		const { handle } = await provider.start(options.request, startContext());
		let last = 0;
		await untilEnded(provider, handle, options.timeoutMs, ({ progress = last }) => {
			assert.ok(progress >= last && progress <= 1, `progress went from ${last} to ${progress}`);
			last = progress;
		});
	});
	for (const handle of HOSTILE_HANDLES) {
		add(`refuses the handle ${JSON.stringify(handle).slice(0, 40)} without a request`, async (provider) => {
			await assertRefused(provider, handle);
		});
	}
	for (const [name, value] of Object.entries(options.options ?? {})) {
		add(`takes ${name} alone`, async (provider) => {
			const { handle } = await provider.start({ ...options.request, [name]: value }, startContext());
			const status = await untilEnded(provider, handle, options.timeoutMs);
			assert.equal(status.state, "succeeded");
		});
	}
	add("stops an operation, and says that it was cancelled", async (provider) => {
		if (provider.cancel === undefined) return;
		const { handle } = await provider.start(options.request, startContext());
		const outcome = await provider.cancel(handle, startContext());
		const promised =
			provider.traits.cancel === "remote" ? ["cancelled", "finished"] : ["cancelled", "requested", "finished"];
		assert.ok(promised.includes(outcome), `cancel says ${outcome}, and the trait is ${provider.traits.cancel}`);
		if (outcome !== "cancelled") return;
		const status = await untilEnded(provider, handle, options.timeoutMs).catch((error: unknown) => error);
		assert.ok(isVideoError(status) || (status as OperationStatus).state === "failed");
	});
	return cases;
}

/** Fails unless a provider refuses a handle, in every call that takes one, before it sends anything. */
export async function assertRefused(provider: VideoProvider, handle: JsonValue): Promise<void> {
	let requests = 0;
	const fetch: Fetch = () => {
		requests++;
		return Promise.reject(new TypeError("no request may be sent"));
	};
	const refused = (error: unknown) => isVideoError(error) && requests === 0;
	const context = { ...startContext(), fetch };
	await assert.rejects(provider.status(handle, context), refused, `status takes ${JSON.stringify(handle)}`);
	if (provider.cancel === undefined) return;
	await assert.rejects(provider.cancel(handle, context), refused, `cancel takes ${JSON.stringify(handle)}`);
}

type Running = Extract<OperationStatus, { state: "queued" | "running" }>;

async function untilEnded(
	provider: VideoProvider,
	handle: JsonValue,
	timeoutMs = 30_000,
	onRunning: (status: Running) => void = () => undefined,
): Promise<OperationStatus> {
	const deadline = AbortSignal.timeout(timeoutMs);
	for (;;) {
		const status = await provider.status(handle, startContext(deadline));
		if (status.state === "succeeded" || status.state === "failed") return status;
		onRunning(status);
		deadline.throwIfAborted();
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}
