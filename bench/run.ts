/** Runs every benchmark, one after the other, each in a process of its own. */
import { execFileSync } from "node:child_process";

for (const name of ["local-render", "download"]) {
	console.log(`\n${name}`);
	execFileSync(process.execPath, ["--expose-gc", `bench/${name}.ts`], { stdio: "inherit" });
}
