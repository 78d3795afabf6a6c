/**
 * What an installation takes: packages and bytes, from the tarball that would be published and from what this
 * machine has of its dependencies. npm leaves the optional ones out with `--omit=optional`.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { measureInstall } from "../scripts/package/measure-install.ts";
import { withFolder } from "./support/child.ts";
import { print, rounded } from "./support/report.ts";

interface Row {
	readonly installation: string;
	readonly packages: number;
	readonly megabytes: number;
	readonly tarballKilobytes: number | "";
}

const rows = await withFolder(async (folder): Promise<Row[]> => {
	execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder]);
	const tarball = join(folder, readdirSync(folder)[0] ?? "");
	execFileSync("tar", ["-xzf", tarball, "-C", folder]);
	const reelay = [join(folder, "package")];
	const peer = ["node_modules/ai", "node_modules/@ai-sdk/fal"];
	const tarballKilobytes = rounded(statSync(tarball).size / 1000);
	return [
		row("reelay", reelay, true, tarballKilobytes),
		row("reelay, no optional packages", reelay, false, tarballKilobytes),
		row("Vercel AI SDK with its fal", peer, true, ""),
	];
});
print({ name: "install-size", rows, budgets: [] });

function row(installation: string, folders: readonly string[], withOptional: boolean, tarball: number | ""): Row {
	const { packages, bytes } = measureInstall(folders, withOptional);
	return { installation, packages, megabytes: rounded(bytes / 1e6), tarballKilobytes: tarball };
}
