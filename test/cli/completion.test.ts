import { execFileSync, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runHere } from "../batch/run-here.ts";
import { temporaryFolder } from "../support/service.ts";

async function scriptFor(shell: string): Promise<string> {
	const file = join(await temporaryFolder(), `reelay.${shell}`);
	await writeFile(file, (await runHere(["completion", shell], {})).stdout);
	return file;
}

/** What bash would offer for the last of these words. */
function offered(script: string, ...words: readonly string[]): readonly string[] {
	const program = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _reelay; printf '%s\\n' "\${COMPREPLY[@]}"`;
	const output = execFileSync("bash", ["-c", program, script, "reelay", ...words], { encoding: "utf8" });
	return output.split("\n").filter((line) => line !== "");
}

const hasShell = (shell: string) => spawnSync(shell, ["-c", "exit"]).status === 0;

describe.skipIf(!hasShell("bash"))("completion in bash (needs bash)", () => {
	it("offers commands, flags and choices", async () => {
		const script = await scriptFor("bash");
		expect(offered(script, "")).toEqual(expect.arrayContaining(["generate", "batch", "resume", "completion", "help"]));
		expect(offered(script, "re")).toEqual(["resume", "resolve"]);
		expect(offered(script, "generate", "--re")).toEqual(["--reference", "--resolution"]);
		expect(offered(script, "generate", "a kite", "--no")).toEqual(["--no-audio", "--no-cache"]);
		expect(offered(script, "generate", "--quality", "")).toEqual(["low", "medium", "high"]);
		expect(offered(script, "models", "--task", "im")).toEqual(["image-to-video"]);
		expect(offered(script, "jobs", "--state", "sub")).toEqual(["submitting", "submit_unknown"]);
		expect(offered(script, "completion", "")).toEqual(["bash", "zsh", "fish"]);
		expect(offered(script, "help", "ini")).toEqual(["init"]);
		for (const command of ["generate", "doctor"]) {
			expect(offered(script, command, "--")).toEqual(
				expect.arrayContaining(["--json", "--quiet", "--verbose", "--help"]),
			);
		}
	});

	it("leaves files to the shell", async () => {
		const script = await scriptFor("bash");
		for (const words of [
			["generate", "--image", ""],
			["generate", "-o", "k"],
			["batch", ""],
			["probe", "k"],
		]) {
			expect(offered(script, ...words)).toEqual([]);
		}
		const registered = execFileSync("bash", ["-c", 'source "$0"; complete -p reelay', script], { encoding: "utf8" });
		expect(registered).toBe("complete -o default -F _reelay reelay\n");
	});
});

describe("completion in other shells", () => {
	it.skipIf(!hasShell("zsh"))("is a script that zsh can read (needs zsh)", async () => {
		expect(spawnSync("zsh", ["-n", await scriptFor("zsh")]).stderr.toString()).toBe("");
	});

	it.skipIf(!hasShell("fish"))("is a script that fish can read (needs fish)", async () => {
		expect(spawnSync("fish", ["-n", await scriptFor("fish")]).stderr.toString()).toBe("");
	});

	it("has every flag with what it means", async () => {
		const zsh = (await runHere(["completion", "zsh"], {})).stdout;
		expect(zsh).toContain("'resume:wait for a job'\\''s video; submits nothing'");
		expect(zsh).toContain("'*--quality[effort, where the model offers a choice]:level:(low medium high)'");
		expect(zsh).toContain("'*-i[start from this image: a path, or a data: or https: URL]:file:_files'");
		const fish = (await runHere(["completion", "fish"], {})).stdout;
		expect(fish).toContain(
			"complete -c reelay -n '__fish_seen_subcommand_from generate' -s o -l output -r -F -d 'a file, or a folder",
		);
		expect(fish).toContain("complete -c reelay -n '__fish_seen_subcommand_from probe' -F");
		expect(fish).toContain("complete -c reelay -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'");
	});
});
