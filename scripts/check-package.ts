/**
 * Packs what would be published, and uses it as strangers would: four fresh projects compile and run something
 * of every subpath, the command line renders a video, publint and attw check the manifest and the types.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { listSubpaths } from "./package/entries.ts";
import { measureInstall } from "./package/measure-install.ts";
import { makeStrangers, shakenBytes } from "./package/strangers.ts";

const MAX_TARBALL_BYTES = 500_000;
/** For one name that needs nothing else: whoever pays more pays for modules that they do not use. */
const MAX_SHAKEN_BYTES = 20_000;
const COMMAND_LINE = "node_modules/reelay/dist/src/cli/main.js";

const folder = mkdtempSync(join(tmpdir(), "reelay-package-"));
const env = {
	...process.env,
	REELAY_STATE_DIRECTORY: join(folder, "state"),
	REELAY_CACHE_DIRECTORY: join(folder, "cache"),
};
try {
	const tarball = pack();
	const packageFolder = join(folder, "package");
	const sample = readFileSync("scripts/package/use-every-subpath.ts", "utf8");
	for (const { specifier } of listSubpaths()) {
		if (!sample.includes(`from "${specifier}"`)) throw new Error(`the sample does not use ${specifier}`);
	}

	const strangers = await makeStrangers(folder, packageFolder);
	for (const { name, folder: project, commands } of strangers) {
		const said = commands.map((args) => node(args, project)).join("");
		console.log(`${name}: ${said.trim()}`);
	}
	const [esm = "", commonJs = ""] = strangers.map((stranger) => stranger.folder);
	const bytes = await shakenBytes(esm);
	expectAtMost(MAX_SHAKEN_BYTES, bytes, 'bundle of { isVideoError } from "reelay"');

	const request = ["generate", "A red kite over the sea", "--duration", "1", "--resolution", "320x180", "--quiet"];
	node([COMMAND_LINE, ...request, "--output", "scene.mp4"], esm);
	console.log(node([COMMAND_LINE, "probe", "scene.mp4"], esm).trim());
	const { status, stderr } = spawnSync(process.execPath, [COMMAND_LINE, ...request], { cwd: commonJs, env });
	if (status === 0 || !String(stderr).includes("npm install")) throw new Error(`nothing is missing: ${stderr}`);

	execFileSync(resolve("node_modules/.bin/publint"), ["--strict", packageFolder], { stdio: "inherit" });
	const check = [tarball, "--profile", "esm-only", "--quiet"];
	execFileSync(resolve("node_modules/.bin/attw"), check, { stdio: "inherit" });

	expectAtMost(MAX_TARBALL_BYTES, statSync(tarball).size, "tarball");
	for (const [words, withOptional] of [["all optional packages", true] as const, ["none of them", false] as const]) {
		const size = measureInstall([packageFolder], withOptional);
		console.log(`installed with ${words}: ${size.packages} packages, ${(size.bytes / 1e6).toFixed(1)} MB`);
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}

function pack(): string {
	execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder]);
	const name = readdirSync(folder).find((file) => file.endsWith(".tgz"));
	if (name === undefined) throw new Error("npm pack made no tarball");
	execFileSync("tar", ["-xzf", join(folder, name), "-C", folder]);
	return join(folder, name);
}

function node(args: readonly string[], cwd: string): string {
	return execFileSync(process.execPath, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

function expectAtMost(limit: number, bytes: number, what: string): void {
	console.log(`${what}: ${bytes} bytes of at most ${limit}`);
	if (bytes > limit) throw new Error(`${what} is too large: ${bytes} bytes, and ${limit} are allowed`);
}
