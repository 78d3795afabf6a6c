#!/usr/bin/env node
// Nothing else may be imported here by its name: on an old Node it could not be loaded, let alone say why.
import { nodeVersionProblem } from "../config/node-version.ts";

const NOT_CONFIGURED = 3;

// A reader that has seen enough (`reelay models | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code === "EPIPE") return;
	process.stderr.write(`reelay: the result could not be printed (${error.code}); the work itself is done\n`);
	process.exitCode = 1;
});

// Nobody reads on (`2>&1 | head -1`), or the terminal was closed. What is under way may be paid for: it goes on.
process.stderr.on("error", () => undefined);

// Node's own words about a warning (a number, a flag for developers) help nobody here.
process.removeAllListeners("warning");
process.on("warning", ({ message }) => {
	if (!process.argv.some((arg) => arg === "-q" || arg === "--quiet"))
		process.stderr.write(`warning: ${message.replace(/^reelay: /, "")}\n`);
});

const problem = nodeVersionProblem();
if (problem === undefined) {
	const { run } = await import("./program.ts");
	process.exitCode = (await run(process.argv.slice(2))) || process.exitCode;
} else {
	process.stderr.write(`${problem}\n`);
	process.exitCode = NOT_CONFIGURED;
}
