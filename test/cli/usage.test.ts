import { describe, expect, it } from "vitest";
import { EXAMPLES } from "../../src/cli/examples.ts";
import { runHere } from "../batch/run-here.ts";

const NO_ENV = { REELAY_LEDGER: "memory" };
const COMMANDS = [
	"generate",
	"batch",
	"jobs",
	"status",
	"resume",
	"download",
	"cancel",
	"resolve",
	"models",
	"doctor",
	"probe",
	"init",
	"completion",
];

async function refused(...args: readonly string[]): Promise<string> {
	const { exitCode, stdout, stderr } = await runHere(args, NO_ENV);
	expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
	return stderr;
}

describe("reelay", () => {
	it("explains itself", async () => {
		const help = await runHere(["--help"], NO_ENV);
		expect(help).toMatchObject({ exitCode: 0, stderr: "" });
		for (const command of COMMANDS) expect(help.stdout).toMatch(new RegExp(`^  ${command} `, "m"));
		expect((await runHere(["--version"], NO_ENV)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
		expect((await runHere([], NO_ENV)).stderr).toBe(help.stdout);
	});

	it.each(COMMANDS)("%s has help with examples, and takes --json, --quiet and --verbose", async (command) => {
		const { exitCode, stdout } = await runHere([command, "--help"], NO_ENV);
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/\nExamples?:\n {2}\$ reelay|\nTo have it in every shell:\n/);
		expect(stdout).toContain(EXAMPLES[command]);
		for (const flag of ["--json", "-q, --quiet", "--verbose"]) expect(stdout).toMatch(new RegExp(`\n  ${flag} `));
		for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
	});

	it("repeats no key that was taken for a flag, on neither stream", async () => {
		const args = ["generate", "a kite", "--api-key=hf_CANARY0123456"];
		for (const json of [[], ["--json"]]) {
			const run = await runHere([...args, ...json], NO_ENV);
			expect(run.exitCode).toBe(2);
			expect(run.stdout + run.stderr).not.toContain("CANARY");
		}
	});

	it("says which flags need an image", async () => {
		const { stdout } = await runHere(["generate", "--help"], NO_ENV);
		expect(stdout).toMatch(/--last-frame <file> +end on this image; needs --image/);
		expect(stdout).toMatch(/--reference <file> +an image that guides the look; may be/);
	});
});

describe("a wrong command line", () => {
	it("with a prompt that is not in quotes is told how to write it", async () => {
		expect(await refused("generate", "a", "red", "kite", "--duration", "5")).toBe(
			"reelay: too many arguments for 'generate'. Expected 1 argument but got 3: a, red, kite.\n" +
				'put the prompt in quotes: reelay generate "a red kite"\n',
		);
		expect(await refused("generate", "it", "costs", "$5")).toContain('reelay generate "it costs \\$5"\n');
		// Here a flag's value could be a part of the prompt.
		expect(await refused("generate", "--seed", "5", "a", "kite")).toContain('reelay generate "…"\n');
	});

	it("with a prompt that begins with a dash is told how to write it", async () => {
		expect(await refused("generate", "-5 degrees outside")).toBe(
			"reelay: unknown option '-5 degrees outside'\n" +
				'if that is the prompt, put -- before it: reelay generate -- "-5 degrees outside"\n',
		);
		// Its first letter is a flag of its own.
		expect(await refused("generate", "-dark clouds")).toContain('reelay generate -- "-dark clouds"\n');
		expect(await refused("generate", "--", "-5 degrees", "--dry-run")).toContain("the prompt comes last: ");
		expect(await runHere(["generate", "--dry-run", "--", "-5 degrees"], NO_ENV)).toMatchObject({ exitCode: 0 });
	});

	it("without a prompt, or without a command, is told what is missing", async () => {
		expect(await refused("generate")).toBe(
			"reelay: missing required argument 'prompt'\nsay what it should show: reelay generate \"A red kite at dawn\"\n",
		);
		expect(await refused("A red kite")).toBe(
			"reelay: unknown command 'A red kite'\nto make a video of it: reelay generate \"A red kite\"\n",
		);
	});

	it.each([
		[["genrate", "x"], "unknown command 'genrate' (Did you mean generate?)", ""],
		[["generate", "x", "--sedd", "1"], "unknown option '--sedd' (Did you mean --seed?)", "generate "],
		[["models", "--task", "x"], "option '--task <task>' argument 'x' is invalid. Allowed choices are", "models "],
		[["jobs", "--state", "x"], "option '--state <state>' argument 'x' is invalid. It must be one of created,", "jobs "],
		[["probe", "a", "b"], "too many arguments for 'probe'", "probe "],
		[["resume"], "missing required argument 'job'", "resume "],
		[["--foo"], "unknown option '--foo'", ""],
	])("%j is two lines: what is wrong, and where to look", async (args, problem, command) => {
		const [first, second, ...rest] = (await refused(...args)).split("\n");
		expect(first?.startsWith(`reelay: ${problem}`)).toBe(true);
		expect(second).toBe(`(reelay ${command}--help shows what there is)`);
		expect(rest).toEqual([""]);
	});

	it("is JSON with --json", async () => {
		const { exitCode, stdout } = await runHere(["generate", "--json"], NO_ENV);
		expect(exitCode).toBe(2);
		expect(JSON.parse(stdout)).toEqual({
			error: { name: "InputError", code: "invalid_input", message: "missing required argument 'prompt'" },
		});
	});
});
