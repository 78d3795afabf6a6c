import { Argument, Command, Option } from "commander";
import type { BatchFlags } from "./batch.ts";
import { completion, SHELLS, type Shell } from "./completion.ts";
import { EXAMPLES } from "./examples.ts";
import { addCollectFlags, addCommonFlags, collect, collectState, count, JOB_STATES, number } from "./flags.ts";
import { type GenerateFlags, generate } from "./generate.ts";
import type { InitFlags } from "./init.ts";
import type { CollectFlags, JobsFlags } from "./jobs.ts";
import type { ModelsFlags } from "./models.ts";
import type { ResolveFlags } from "./resolve.ts";
import type { CommonOptions, Terminal } from "./terminal.ts";

const jobCommands = () => import("./jobs.ts");

type Execute = (flags: CommonOptions, command: (terminal: Terminal) => Promise<number>) => Promise<void>;

/** Every command with its flags, its help, and what it does. */
export function buildCommands(version: string, execute: Execute): Command {
	const program = new Command("reelay")
		.description("Makes videos with every video generation model. Pays once, and loses nothing that was paid for.")
		.version(version)
		.exitOverride()
		// Whoever runs the program tells what is wrong.
		.configureOutput({ outputError: () => undefined })
		.configureHelp({ showGlobalOptions: false })
		.addHelpText("after", EXAMPLES["reelay"] ?? "");

	program
		.command("generate")
		.description("make a video from a prompt, or from an image and a prompt")
		.argument("<prompt>", "what the video should show, in quotes, or - for standard input")
		.option("-i, --image <file>", "start from this image: a path, or a data: or https: URL")
		.option("--last-frame <file>", "end on this image; needs --image")
		.option("--reference <file>", "an image that guides the look; may be repeated", collect)
		.option("-m, --model <model>", "the model, provider:model")
		.option("--fallback <model>", "a model to try next; may be repeated", collect)
		.option("-d, --duration <seconds>", "length of the video", number)
		.option("--fps <rate>", "frames per second", number)
		.option("-r, --resolution <size>", 'a class such as "720p", or pixels such as "1280x720"')
		.option("-a, --aspect-ratio <ratio>", 'width to height, such as "16:9"')
		.addOption(
			new Option("--quality <level>", "effort, where the model offers a choice").choices(["low", "medium", "high"]),
		)
		.option("-s, --seed <number>", "start of the random sequence", number)
		.option("--steps <number>", "denoising steps", number)
		.option("--guidance <number>", "how closely to follow the prompt", number)
		.option("--negative-prompt <text>", "what the video should not show")
		.option("--audio", "with sound")
		.option("--no-audio", "without sound")
		.option("-o, --output <path>", "a file, or a folder (default: the current one)")
		.option("--overwrite", "replace the file if it exists")
		.option("--timeout <seconds>", "how long to wait", number)
		.option("--detach", "only submit it, and print the token that resumes it")
		.option("--dry-run", "say which models would be asked, and at what price; send nothing")
		.option("--max-cost <dollars>", "skip models that would cost more", number)
		.option("--no-cache", "make a new video, although the same request was made before")
		.action((prompt: string, flags: GenerateFlags) => execute(flags, (terminal) => generate(prompt, flags, terminal)));

	program
		.command("batch")
		.description("make a video for every line of a file, and go on where it ended")
		.argument("<file>", "JSON lines, CSV or plain prompts: .jsonl, .csv, .txt, or - for standard input")
		.addOption(
			new Option("--format <format>", "what the file is (default: from its name)").choices(["jsonl", "csv", "txt"]),
		)
		.option("-c, --concurrency <number>", "how many at once (default: 5)", count)
		.option("-m, --model <model>", "the model, provider:model, for lines that name none")
		.option("--fallback <model>", "what to try next; may be repeated", collect)
		.option("-o, --output <path>", "a folder, or a name such as out/{index}-{prompt}.mp4 (default: the current folder)")
		.option("--overwrite", "replace files that exist")
		.option("--timeout <seconds>", "how long to wait for each", number)
		.option("--max-cost <dollars>", "skip models that would cost more for one video", number)
		.option("--resume", "go on with an earlier run, and refuse when there was none")
		.option("--dry-run", "say what would be made, and at what price; send nothing")
		.action((file: string, flags: BatchFlags) =>
			execute(flags, async (terminal) => (await import("./batch.ts")).batch(file, flags, terminal)),
		);

	program
		.command("jobs")
		.description("list the jobs that were submitted, the newest first")
		.addOption(
			new Option("--state <state>", "only jobs in this state; may be repeated")
				.choices(JOB_STATES)
				.argParser(collectState),
		)
		.option("-m, --model <model>", "only jobs of this model, provider:model")
		.option("-n, --limit <number>", "at most so many (default: 100)", count)
		.action((flags: JobsFlags) => execute(flags, async (terminal) => (await jobCommands()).jobs(flags, terminal)));

	jobCommand(program, "status")
		.description("look once where a job stands; the exit code says it too")
		.action((job: string, flags: CommonOptions) =>
			execute(flags, async (terminal) => (await jobCommands()).status(job, terminal)),
		);

	addCollectFlags(jobCommand(program, "resume"))
		.description("wait for a job's video; submits nothing")
		.action((job: string, flags: CollectFlags) =>
			execute(flags, async (terminal) => (await jobCommands()).resume(job, flags, terminal)),
		);

	addCollectFlags(jobCommand(program, "download"))
		.description("fetch a job's video, also one that was fetched before")
		.action((job: string, flags: CollectFlags) =>
			execute(flags, async (terminal) => (await jobCommands()).download(job, flags, terminal)),
		);

	jobCommand(program, "cancel")
		.description("ask the service to stop a job")
		.action((job: string, flags: CommonOptions) =>
			execute(flags, async (terminal) => (await jobCommands()).cancel(job, terminal)),
		);

	jobCommand(program, "resolve")
		.description("say what became of a submission whose answer was lost")
		.option("--adopt <operation>", "it was accepted: go on with the operation of this id")
		.option("--resubmit", "it was not accepted, or may be paid twice: submit it again, as a new job")
		.option("--abandon", "leave it at that")
		.action((job: string, flags: ResolveFlags) =>
			execute(flags, async (terminal) => (await import("./resolve.ts")).resolve(job, flags, terminal)),
		);

	program
		.command("models")
		.description("list the models that can be named")
		.addOption(new Option("--task <task>", "only models that do this").choices(["text-to-video", "image-to-video"]))
		.option("--provider <id>", "only this provider's")
		.action((flags: ModelsFlags) =>
			execute(flags, async (terminal) => (await import("./models.ts")).models(flags, terminal)),
		);

	program
		.command("doctor")
		.description("say what can be used now, and why not the rest")
		.action((flags: CommonOptions) =>
			execute(flags, async (terminal) => (await import("./doctor.ts")).doctor(terminal)),
		);

	program
		.command("probe")
		.description("say what a video file is, and whether it is whole")
		.argument("<file>", "the file")
		.action((file: string, flags: CommonOptions) =>
			execute(flags, async (terminal) => (await import("./probe.ts")).probe(file, terminal)),
		);

	program
		.command("init")
		.description("write .env.example, with every variable that is read, into the current folder")
		.option("--overwrite", "replace the file if it exists")
		.action((flags: InitFlags) =>
			execute(flags, async (terminal) => (await import("./init.ts")).init(flags, terminal)),
		);

	program
		.command("completion")
		.description("print a script that lets a shell complete commands and flags")
		.addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
		.action((shell: Shell, flags: CommonOptions) =>
			execute(flags, async (terminal) => completion(program, shell, terminal)),
		);

	for (const command of program.commands) {
		addCommonFlags(command)
			.allowExcessArguments(false)
			.addHelpText("after", EXAMPLES[command.name()] ?? "");
	}
	return program;
}

function jobCommand(program: Command, name: string): Command {
	return program.command(name).argument("<job>", "its id or its token");
}
