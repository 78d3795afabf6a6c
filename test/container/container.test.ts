import "reflect-metadata";
import { readFileSync } from "node:fs";
import { container as globalContainer, instanceCachingFactory } from "tsyringe";
import { describe, expect, expectTypeOf, it, onTestFinished } from "vitest";
import {
	CLOCK,
	createReelayContainer,
	ENV,
	FETCH,
	LEDGER,
	LOGGER,
	OUTPUT_DIRECTORY,
	PROVIDERS,
	RANDOM,
	registerReelay,
	VIDEO_SERVICE,
} from "../../src/container/index.ts";
import { PARTS } from "../../src/container/tokens.ts";
import {
	ConfigurationError,
	type Ledger,
	type Logger,
	MemoryLedger,
	type VideoService,
	type VideoServiceOptions,
} from "../../src/index.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { temporaryFolder } from "../support/service.ts";

const prompt = "A red kite";
const CANARY = "canary-5up3r-s3cret+value/x";
const silent: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

describe("registerReelay", () => {
	it("makes the service of the parts that the application has registered", async () => {
		const { container, folder } = await newContainer();
		const ledger = new MemoryLedger();
		const provider = new FakeProvider();
		const clock = new FakeClock();
		const lines: string[] = [];
		const logger: Logger = { ...silent, info: (_fields, message) => void lines.push(message) };
		container.register(LEDGER, { useValue: ledger });
		container.register(LOGGER, { useFactory: instanceCachingFactory(() => logger) });
		container.register(CLOCK, { useValue: clock });
		container.register(RANDOM, { useValue: () => 0.5 });
		container.register(PROVIDERS, { useValue: [provider] });
		registerReelay(container, { policies: { submitTimeoutMs: 0, lookTimeoutMs: 0 } });

		const video = await container.resolve(VIDEO_SERVICE).textToVideo({ prompt }, { model: "fake:one" });

		expect(video.path.startsWith(folder)).toBe(true);
		expect(await ledger.find(video.id)).toMatchObject({ state: "succeeded" });
		expect(lines).toContain("job-created");
		expect(clock.sleeps.length).toBeGreaterThan(0);
		expect(provider.posts).toBe(1);
	});

	it("shares one service, and makes it only when it is asked for", async () => {
		const { container } = await newContainer();
		let made = 0;
		container.register(LEDGER, {
			useFactory: () => {
				made++;
				return new MemoryLedger();
			},
		});
		registerReelay(container);
		expect(made).toBe(0);
		expect(container.resolve(VIDEO_SERVICE)).toBe(container.createChildContainer().resolve(VIDEO_SERVICE));
		expect(made).toBe(1);
	});

	it("takes parts of the containers above, and none of a child that asks first", async () => {
		const { container: parent } = await newContainer();
		const [above, below] = [new FakeProvider({ id: "above" }), new FakeProvider({ id: "below" })];
		parent.register(PROVIDERS, { useValue: [above] });
		const container = parent.createChildContainer();
		onTestFinished(() => container.dispose());
		registerReelay(container);
		const request = container.createChildContainer();
		request.register(PROVIDERS, { useValue: [below] });
		const models = await request.resolve(VIDEO_SERVICE).models();
		const providers = new Set(models.map(({ provider }) => provider));
		expect([providers.has("above"), providers.has("below")]).toEqual([true, false]);
	});

	it("adds all lists of providers up, and lets an option count before a part", async () => {
		const { container } = await newContainer();
		const registered = new FakeProvider({ id: "same" });
		const given = new FakeProvider({ id: "same" });
		container.register(PROVIDERS, { useValue: [new FakeProvider({ id: "first" })] });
		container.register(PROVIDERS, { useValue: [registered] });
		container.register(LEDGER, { useValue: {} as MemoryLedger });
		const ledger = new MemoryLedger();
		registerReelay(container, { providers: [given], ledger });
		const videos = container.resolve(VIDEO_SERVICE);
		expect((await videos.models({ provider: "first" })).length).toBeGreaterThan(0);
		const job = await videos.submit({ prompt }, { model: "same:one" });
		expect([registered.posts, given.posts]).toEqual([0, 1]);
		expect(await ledger.find(job.id)).toBeDefined();
	});

	it("closes the service with the container, and with the registration", async () => {
		for (const closeWith of ["container", "registration", "both"] as const) {
			const { container } = await newContainer();
			let closed = 0;
			const ledger = new MemoryLedger();
			container.register(LEDGER, { useValue: Object.assign(ledger, { close: async () => void closed++ }) });
			const registration = registerReelay(container);
			const videos = container.resolve(VIDEO_SERVICE);
			if (closeWith !== "container") await registration.dispose();
			if (closeWith !== "registration") await container.dispose();
			await expect(videos.jobs(), closeWith).rejects.toThrow("was closed");
			expect(closed, closeWith).toBeGreaterThan(0);
		}
	});

	it("has nothing to close when nobody asked for the service", async () => {
		const { container } = await newContainer();
		await expect(registerReelay(container).dispose()).resolves.toBeUndefined();
	});
});

describe("the tokens", () => {
	it("are exported, one for each option, typed and documented", async () => {
		const exported: Readonly<Record<string, unknown>> = await import("../../src/container/index.ts");
		for (const [option, token] of Object.entries(PARTS)) {
			expect(exported[option.replace(/[A-Z]/g, "_$&").toUpperCase()], option).toBe(token);
		}
		const page = readFileSync("docs/dependency-injection.md", "utf8");
		const names = Object.keys(PARTS).map((option) => option.replace(/[A-Z]/g, "_$&").toUpperCase());
		expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
		expectTypeOf(() => globalContainer.resolve(LEDGER)).returns.toEqualTypeOf<Ledger>();
		expectTypeOf(() => globalContainer.resolve(VIDEO_SERVICE)).returns.toEqualTypeOf<VideoService>();
	});
});

describe("wrong use of the container", () => {
	it.each([
		["null", null],
		["nothing", undefined],
		["an object", {}],
		["a service's options", { model: "fake:one" }],
		["a text", "container"],
	])("is refused: %s instead of a container", (_name, value) => {
		expect(() => registerReelay(value as never)).toThrow(ConfigurationError);
		expect(() => registerReelay(value as never)).toThrow(/^registerReelay: the first argument must be a tsyringe/);
	});

	it.each([null, "options", 1, []])("is refused: %j instead of options", async (options) => {
		const { container } = await newContainer();
		expect(() => registerReelay(container, options as never)).toThrow(ConfigurationError);
	});

	it("is refused: two services in one container", async () => {
		const { container } = await newContainer();
		registerReelay(container);
		expect(() => registerReelay(container)).toThrow(/^registerReelay: this container has a video service already/);
		expect(() => registerReelay(container.createChildContainer())).not.toThrow();
	});

	it.each<[string, (container: typeof globalContainer) => void, string]>([
		[
			"half a ledger",
			(c) => c.register(LEDGER, { useValue: { find: ignore } as never }),
			"ledger (token LEDGER): has no",
		],
		["a promise", (c) => c.register(LEDGER, { useFactory: async () => new MemoryLedger() } as never), "is a promise"],
		["null", (c) => c.register(LOGGER, { useFactory: () => null } as never), "logger (token LOGGER): is null"],
		[
			"no function",
			(c) => c.register(FETCH, { useValue: "fetch" } as never),
			"fetch (token FETCH): must be a function",
		],
		["one provider", (c) => c.register(PROVIDERS, { useValue: new FakeProvider() } as never), "register [provider]"],
		["no environment", (c) => c.register(ENV, { useFactory: () => null } as never), "env (token ENV): is null"],
	])("is refused when the service is asked for: %s", async (_name, register, message) => {
		const { container } = await newContainer();
		register(container);
		registerReelay(container);
		expect(() => container.resolve(VIDEO_SERVICE)).toThrow(ConfigurationError);
		expect(() => container.resolve(VIDEO_SERVICE)).toThrow(message);
	});

	it("says which part could not be made, without the secrets in what was thrown", async () => {
		const { container } = await newContainer({ GEMINI_API_KEY: CANARY });
		container.register(OUTPUT_DIRECTORY, {
			useFactory: () => {
				const cause = new AggregateError([new Error(`x-api-key: ${CANARY}`)], encodeURIComponent(CANARY));
				throw new TypeError(`no folder for ${CANARY}\nsecond line`, { cause });
			},
		});
		registerReelay(container);
		const error = caught(() => container.resolve(VIDEO_SERVICE));
		expect(error).toBeInstanceOf(ConfigurationError);
		expect(error).toMatchObject({
			message: "outputDirectory (token OUTPUT_DIRECTORY): could not be made: no folder for [secret]",
		});
		expect(everythingOf(error)).not.toContain(CANARY);
		expect(everythingOf(error)).not.toContain(encodeURIComponent(CANARY));
	});
});

describe("createReelayContainer", () => {
	it("has the service, takes parts until it is asked for, and closes it", async () => {
		const folder = await temporaryFolder();
		const container = createReelayContainer({ env: {}, outputDirectory: folder, ledger: new MemoryLedger() });
		const provider = new FakeProvider();
		container.register(PROVIDERS, { useValue: [provider] });
		container.register(LOGGER, { useValue: silent });
		const videos = container.resolve(VIDEO_SERVICE);
		await videos.submit({ prompt }, { model: "fake:one" });
		expect(provider.posts).toBe(1);
		await container.dispose();
		await expect(videos.jobs()).rejects.toThrow("was closed");
	});

	it("leaves tsyringe's global container alone", () => {
		createReelayContainer();
		expect(globalContainer.isRegistered(VIDEO_SERVICE)).toBe(false);
	});
});

async function newContainer(env: VideoServiceOptions["env"] = {}): Promise<{
	readonly container: typeof globalContainer;
	readonly folder: string;
}> {
	const folder = await temporaryFolder();
	const container = globalContainer.createChildContainer();
	container.register(ENV, { useValue: { REELAY_LEDGER: "memory", ...env } });
	container.register(OUTPUT_DIRECTORY, { useValue: folder });
	return { container, folder };
}

function caught(call: () => unknown): unknown {
	try {
		return call();
	} catch (error) {
		return error;
	}
}

function everythingOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return [
		error.message,
		error.stack,
		JSON.stringify(error),
		error.cause === undefined ? "" : everythingOf(error.cause),
	].join();
}

function ignore(): void {}
