/** Generates one video with the model and the file that are named, and prints what that took in memory. Linux only. */
import { readFile } from "node:fs/promises";
import { createVideoService } from "../../src/index.ts";

const [model = "", output = ""] = process.argv.slice(2);
await using videos = createVideoService();
const { sizeBytes } = await videos.textToVideo({ prompt: "Waves" }, { model, output });
// Not the peak of getrusage, which a process takes over from the one that started it.
const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile("/proc/self/status", "utf8")) ?? [];
process.stdout.write(JSON.stringify({ peakBytes: Number(kibibytes) * 1024, sizeBytes }));
