/**
 * How long an import takes, in a fresh process each time, beside Node without any and the Vercel AI SDK. All take
 * turns, so that what else the machine does is spread evenly. The budget is a ratio: 50 ms where Node alone
 * takes 40 to start and end; both are the best of the rounds, which is what the code takes.
 */
import { execFileSync } from "node:child_process";
import { isQuick, median, print, rounded } from "./support/report.ts";

const BUDGET = 50 / 40;
const ROUNDS = isQuick ? 7 : 15;
/** What an adapter or a renderer may load, and the import may not. */
const HEAVY = ["@google/genai", "@huggingface/inference", "undici", "mediabunny", "cacache", "node-webcodecs"];
const PROGRAMS = {
	"Node alone": "",
	reelay: 'await import("reelay")',
	"Vercel AI SDK": 'await import("ai")',
	"Vercel AI SDK with its fal": 'await Promise.all([import("ai"), import("@ai-sdk/fal")])',
};

interface Row {
	readonly program: string;
	/** Of the whole process. */
	readonly processMs: number;
	readonly importMs: number;
	readonly importMedianMs: number;
	/** Processor time of the whole process. */
	readonly cpuMs: number;
}

interface Sample {
	readonly processMs: number;
	readonly importMs: number;
	readonly cpuMs: number;
}

const samples = new Map<string, Sample[]>(Object.keys(PROGRAMS).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
	for (const [name, program] of Object.entries(PROGRAMS)) samples.get(name)?.push(sample(program));
}
const rows: Row[] = [...samples].map(([program, values]) => ({
	program,
	processMs: rounded(Math.min(...values.map(({ processMs }) => processMs))),
	importMs: rounded(Math.min(...values.map(({ importMs }) => importMs))),
	importMedianMs: rounded(median(values.map(({ importMs }) => importMs))),
	cpuMs: rounded(Math.min(...values.map(({ cpuMs }) => cpuMs))),
}));
const loaded = heavyPackages();
const nodeMs = rows.find(({ program }) => program === "Node alone")?.processMs ?? Number.NaN;
const importMs = rows.find(({ program }) => program === "reelay")?.importMs ?? Number.NaN;
const budgetMs = rounded(nodeMs * BUDGET);
print({
	name: "import-time",
	rows,
	budgets: [
		{
			what: `import "reelay", where Node starts in ${nodeMs} ms`,
			budget: `at most ${budgetMs} ms`,
			measured: `${importMs} ms`,
			isMet: importMs <= budgetMs,
		},
		{
			what: "SDKs that it loads",
			budget: "none",
			measured: loaded.length === 0 ? "none" : loaded.join(", "),
			isMet: loaded.length === 0,
		},
	],
});

function sample(program: string): Sample {
	const script = `
		const startedAt = performance.now();
		${program};
		const importMs = performance.now() - startedAt;
		const { user, system } = process.cpuUsage();
		console.log(JSON.stringify({ importMs, cpuMs: (user + system) / 1000 }));`;
	const startedAt = performance.now();
	const said = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
	return { processMs: performance.now() - startedAt, ...JSON.parse(said) };
}

/** By the files of the packages that were opened. */
function heavyPackages(): string[] {
	const script = `
		import { registerHooks } from "node:module";
		registerHooks({ load: (url, context, next) => (console.log(url), next(url, context)) });
		await import("reelay");`;
	const said = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
	return HEAVY.filter((name) => said.includes(`/node_modules/${name}/`));
}
