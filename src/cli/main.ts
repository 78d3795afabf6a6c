#!/usr/bin/env node
import { run } from "./program.ts";

// A reader that has seen enough (`reelay models | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code !== "EPIPE") throw error;
});

process.exitCode = await run(process.argv.slice(2));
