#!/usr/bin/env node
import { run } from "./program.ts";

// A reader that has seen enough (`reelay models | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code === "EPIPE") return;
	process.stderr.write(`reelay: the result could not be printed (${error.code}); the work itself is done\n`);
	process.exitCode = 1;
});

process.exitCode = (await run(process.argv.slice(2))) || process.exitCode;
