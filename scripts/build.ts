/** Builds `dist/`: the JavaScript of each entry, bundled, and the declarations of what is exported. */
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { bundle } from "./package/bundle.ts";
import { listEntries, listSubpaths } from "./package/entries.ts";
import { keepReachableDeclarations } from "./package/keep-declarations.ts";

rmSync("dist", { recursive: true, force: true });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
keepReachableDeclarations(listSubpaths().map(({ source }) => source));
await bundle(listEntries());
chmodSync("dist/src/cli/main.js", 0o755);
