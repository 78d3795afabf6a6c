/**
 * Saves one video in a process of its own, which `syscalls.ts` kills or disturbs at each of its system calls.
 * Its temporary files have names that the other side can foretell.
 */
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { temporaryId } from "./temporary-id.ts";

const [url = "", folder = "", runText = "0", overwriteText = ""] = process.argv.slice(2);
let made = 0;
Object.assign(crypto, {
	randomBytes(size: number): Buffer {
		made += 1;
		return Buffer.from(temporaryId(Number(runText), made), "hex").subarray(0, size);
	},
});
syncBuiltinESMExports();

const { planIn, quickNetwork, save } = await import("../support/download-run.ts");
const network = quickNetwork({ limits: { maxAttempts: 2 } });
try {
	const plan = await planIn(folder, "video.mp4", overwriteText === "overwrite");
	const { path } = await save(url, { network, plan });
	process.stdout.write(path);
} catch (error) {
	process.stderr.write(String(error));
	process.exitCode = 1;
} finally {
	await network.close();
}
