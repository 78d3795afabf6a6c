import { describe, expect, it } from "vitest";
import { CancelledError } from "../../src/errors/index.ts";
import {
	AuthenticationError,
	OperationNotFoundError,
	type PoolServer,
	ProviderError,
	Secret,
	ServerPool,
} from "../../src/provider-kit/index.ts";

const FIRST = "http://gpu-1:8091/v1";
const SECOND = "http://gpu-2:8091/v1";
const THIRD = "http://gpu-3:8091/v1";
const VARIABLE = "STUDIO_BASE_URL";
const CONTEXT = { signal: new AbortController().signal };

const silence = () => new ProviderError("no answer", { retryable: true });
const poolOf = (...bases: readonly string[]) => new ServerPool({ variable: VARIABLE, baseUrl: bases.join(",") });

/** Chooses servers for some jobs, and notes whom it asked. The silent ones do not answer. */
async function choose(pool: ServerPool, jobs: number, ...silent: readonly string[]) {
	const asked: string[] = [];
	const chosen: string[] = [];
	for (let job = 0; job < jobs; job++) {
		const { server } = await pool.choose(async ({ base }) => {
			asked.push(base);
			if (silent.includes(base)) throw silence();
			return base;
		});
		chosen.push(server.base);
	}
	return { asked, chosen };
}

function serverAt(pool: ServerPool, position: number): PoolServer {
	return pool.servers[position] ?? expect.fail();
}

describe("the servers of a pool", () => {
	it("are those of the list, each once, however they are written", () => {
		const pool = poolOf(" http://gpu-1:8091/v1/ ", "", "HTTP://GPU-2:8091/v1", FIRST);
		expect(pool.servers.map(({ base }) => base)).toEqual([FIRST, SECOND]);
		expect(poolOf("http://gpu-1:8091/").servers[0]?.base).toBe("http://gpu-1:8091");
	});

	it("are those that a service's own spelling makes the same", () => {
		const normalise = (base: string) => (base.endsWith("/v1") ? base : `${base}/v1`);
		const baseUrl = `http://gpu-1:8091/,${FIRST},http://gpu-2:8091`;
		const pool = new ServerPool({ variable: VARIABLE, baseUrl, normalise });
		expect(pool.servers.map(({ base }) => base)).toEqual([FIRST, SECOND]);
	});

	it("have a fingerprint that is the same in every process, as handles hold it", () => {
		expect(poolOf(SECOND, FIRST).servers.map(({ fingerprint }) => fingerprint)).toEqual([
			"4fdffcaee9eeda8a",
			"3a57ceaff34d3216",
		]);
	});

	it.each([
		"gpu:8091",
		"ftp://gpu",
		"http://user:password@gpu",
		"http://gpu?key=a",
		"http://gpu/#a",
		`${FIRST},nonsense`,
	])("are refused at once for the address %j", (baseUrl) => {
		expect(() => poolOf(baseUrl)).toThrow(
			expect.objectContaining({ code: "configuration", message: expect.stringContaining("base URL") }),
		);
	});
});

describe("a server for a new job", () => {
	it("is the next in turn", async () => {
		const { asked, chosen } = await choose(poolOf(FIRST, SECOND, THIRD), 4);
		expect(chosen).toEqual([FIRST, SECOND, THIRD, FIRST]);
		expect(asked).toEqual(chosen);
	});

	it("is one whose answer suits, else the first that answered", async () => {
		const pool = poolOf(FIRST, SECOND, THIRD);
		const serving = (model: string) =>
			pool.choose(
				async ({ base }) => ({ models: base === THIRD ? ["large"] : ["small"] }),
				({ models }) => models.includes(model),
			);
		expect((await serving("large")).server.base).toBe(THIRD);
		expect(await serving("unheard-of")).toEqual({ server: serverAt(pool, 1), info: { models: ["small"] } });
	});

	it("may refuse to say what it is", async () => {
		const pool = poolOf(FIRST);
		const refuse = () => Promise.reject(new AuthenticationError("no key"));
		expect(await pool.choose(refuse, () => false)).toEqual({ server: serverAt(pool, 0), info: undefined });
	});

	it("is not one that did not answer: that one is asked last for eight jobs, then has its turn again", async () => {
		const pool = poolOf(FIRST, SECOND);
		expect(await choose(pool, 1, FIRST)).toEqual({ asked: [FIRST, SECOND], chosen: [SECOND] });
		const during = await choose(pool, 8);
		expect(during.asked).toEqual(Array.from({ length: 8 }, () => SECOND));
		const { chosen } = await choose(pool, 2);
		expect(chosen.toSorted()).toEqual([FIRST, SECOND]);
	});

	it("is one that rests when no other answers", async () => {
		const pool = poolOf(FIRST, SECOND);
		await choose(pool, 1, FIRST);
		expect(await choose(pool, 1, SECOND)).toEqual({ asked: [SECOND, FIRST], chosen: [FIRST] });
	});

	it("is missed when none answers: each was asked once, and nothing was sent", async () => {
		const asked: string[] = [];
		const chosen = poolOf(FIRST, SECOND).choose(async ({ base }) => {
			asked.push(base);
			throw silence();
		});
		await expect(chosen).rejects.toMatchObject({
			code: "provider_error",
			billed: "no",
			retryable: true,
			message: expect.stringContaining(`${FIRST}, ${SECOND}`),
		});
		expect(asked).toEqual([FIRST, SECOND]);
	});

	it("is missed when none is named, which a check tells too", async () => {
		const pool = new ServerPool({ variable: VARIABLE, baseUrl: undefined });
		const missing = expect.stringMatching(/^STUDIO_BASE_URL is not set; write the address/);
		await expect(choose(pool, 1)).rejects.toMatchObject({ code: "configuration", message: missing });
		expect(pool.check(undefined)).toEqual({ usable: false, detail: missing });
	});

	it("is nobody when the wait was cancelled, or the question itself is broken", async () => {
		for (const problem of [new CancelledError("cancelled"), new TypeError("a mistake")]) {
			await expect(poolOf(FIRST, SECOND).choose(() => Promise.reject(problem))).rejects.toBe(problem);
		}
	});
});

describe("a server that is watched", () => {
	const watched = (pool: ServerPool, request: Promise<string>, signal = CONTEXT.signal) =>
		pool.watch(serverAt(pool, 0), request, { signal });

	it("passes on its answers and its errors", async () => {
		const pool = poolOf(FIRST);
		expect(await watched(pool, Promise.resolve("an answer"))).toBe("an answer");
		const problem = silence();
		await expect(watched(pool, Promise.reject(problem))).rejects.toBe(problem);
	});

	it("rests when there was no answer, and is back at once when there is one", async () => {
		const pool = poolOf(FIRST, SECOND);
		await watched(pool, Promise.reject(silence())).catch(() => undefined);
		expect((await choose(pool, 2)).asked).toEqual([SECOND, SECOND]);
		await watched(pool, Promise.resolve("an answer"));
		expect((await choose(pool, 2)).asked).toEqual([FIRST, SECOND]);
	});

	it("does not rest for an answer that is an error, nor for an abort", async () => {
		const pool = poolOf(FIRST, SECOND);
		const refusal = new ProviderError("busy", { status: 503, retryable: true });
		await watched(pool, Promise.reject(refusal)).catch(() => undefined);
		await watched(pool, Promise.reject(silence()), AbortSignal.abort()).catch(() => undefined);
		expect((await choose(pool, 2)).asked).toEqual([FIRST, SECOND]);
	});
});

describe("a job of a server", () => {
	it("stays with the one that took it, wherever that is in the list", () => {
		const { fingerprint } = serverAt(poolOf(FIRST), 0);
		expect(poolOf(THIRD, SECOND, FIRST).serverOf(fingerprint).base).toBe(FIRST);
	});

	it("is not lost when its server is not named any more: nobody else is asked", () => {
		const { fingerprint } = serverAt(poolOf(FIRST), 0);
		expect(() => poolOf(SECOND).serverOf(fingerprint)).toThrow(
			expect.objectContaining({
				code: "configuration",
				message: expect.stringMatching(/STUDIO_BASE_URL does not name.*add its address again/),
			}),
		);
	});

	it("is lost when its server does not know it, and is told what can be done", async () => {
		const pool = poolOf(FIRST);
		const gone = Promise.reject(new OperationNotFoundError("404"));
		await expect(pool.look(serverAt(pool, 0), gone, CONTEXT, "unknown")).rejects.toMatchObject({
			code: "operation_not_found",
			billed: "unknown",
			message: expect.stringMatching(/^http:\/\/gpu-1:8091\/v1 took the job.*submit.*STUDIO_BASE_URL by itself$/),
		});
		const problem = silence();
		await expect(pool.look(serverAt(pool, 0), Promise.reject(problem), CONTEXT, "no")).rejects.toBe(problem);
		expect(await pool.look(serverAt(pool, 0), Promise.resolve("an answer"), CONTEXT, "no")).toBe("an answer");
	});

	it("is adopted by its address, or by its id where there is one server", () => {
		const [alone, several] = [poolOf(FIRST), poolOf(SECOND, FIRST)];
		const place = { server: serverAt(alone, 0).fingerprint, id: "job_1" };
		expect(alone.adopt("job_1", "jobs", /\w+/)).toEqual(place);
		for (const pool of [alone, several]) expect(pool.adopt(`${FIRST}/jobs/job_1`, "jobs", /\w+/)).toEqual(place);
	});

	it.each(["job_1", `${THIRD}/jobs/job_1`, `${FIRST}/others/job_1`, `${FIRST}/jobs/job_1/../x`, `${FIRST}/jobs/`])(
		"is not adopted by %j where there are several servers",
		(operation) => {
			const form = `does not lead to a job; write its address, such as ${SECOND}/jobs/id`;
			expect(() => poolOf(SECOND, FIRST).adopt(operation, "jobs", /\w+/)).toThrow(form);
		},
	);

	it("is not adopted by what cannot be an id", () => {
		const adopt = () => poolOf(FIRST).adopt("job 1", "jobs", /\w+/);
		expect(adopt).toThrow('"job 1" does not lead to a job; write the id that the server shows');
	});
});

describe("a check", () => {
	it("tells where requests go, and whether with a key, which it does not show", () => {
		const pool = poolOf(FIRST, SECOND);
		const detail = `requests go to ${FIRST}, ${SECOND}; no key is sent`;
		expect(pool.check(undefined)).toEqual({ usable: true, detail });
		expect(pool.check(new Secret("studio-key-0123456789")).detail).toMatch(/; with a key$/);
	});
});
