#!/usr/bin/env node
import { run } from "./program.ts";

// A reader that has seen enough (`reelay models | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code === "EPIPE") return;
	process.stderr.write(`reelay: the result could not be printed (${error.code}); the work itself is done\n`);
	// Node's own words about a warning (a number, a flag for developers) help nobody here.
	process.removeAllListeners("warning");
	process.on("warning", ({ message }) => {
		if (!process.argv.some((arg) => arg === "-q" || arg === "--quiet"))
			process.stderr.write(`warning: ${message.replace(/^reelay: /, "")}\n`);
	});

	process.exitCode = 1;
});

// Node's own words about a warning (a number, a flag for developers) help nobody here.
process.removeAllListeners("warning");
process.on("warning", ({ message }) => {
	if (!process.argv.some((arg) => arg === "-q" || arg === "--quiet"))
		process.stderr.write(`warning: ${message.replace(/^reelay: /, "")}\n`);
});

process.exitCode = (await run(process.argv.slice(2))) || process.exitCode;
