/**
 * Packs what would be published, and uses it as a stranger would: every subpath is imported from the
 * unpacked tarball, the command line runs, and the types are checked by publint and attw.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

// Below node_modules, so that the package finds the dependencies that are installed already.
const folder = resolve("node_modules/.reelay-package");
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, "node_modules/reelay"), { recursive: true });

run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder]);
const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
if (tarball === undefined) throw new Error("npm pack made no tarball");
run("tar", ["-xzf", join(folder, tarball), "--strip-components=1", "-C", join(folder, "node_modules/reelay")]);

const providers = readdirSync("providers").map((id) => `reelay/providers/${id}`);
const subpaths = ["reelay", "reelay/provider-kit", "reelay/testing", "reelay/container", ...providers];
const script = `
for (const subpath of ${JSON.stringify(subpaths)}) {
	const names = Object.keys(await import(subpath));
	if (names.length === 0) throw new Error(subpath + " exports nothing");
	console.log(subpath + ": " + names.length + " exports");
}`;
writeFileSync(join(folder, "import-all.mjs"), script);
run(process.execPath, ["import-all.mjs"]);
run(process.execPath, [
	"node_modules/reelay/dist/src/cli/main.js",
	"generate",
	"A red kite over the sea",
	"--duration",
	"1",
	"-r",
	"320x180",
	"-o",
	"kite.mp4",
	"--quiet",
]);
run(process.execPath, ["node_modules/reelay/dist/src/cli/main.js", "probe", "kite.mp4"]);
run(resolve("node_modules/.bin/publint"), ["--strict", join(folder, "node_modules/reelay")]);
run(resolve("node_modules/.bin/attw"), [join(folder, tarball), "--profile", "esm-only", "--format", "table-flipped"]);
rmSync(folder, { recursive: true, force: true });

function run(command: string, args: readonly string[]): void {
	execFileSync(command, args, { stdio: "inherit", cwd: command === "npm" ? "." : folder });
}
