/**
 * `npm run test:faults [seed]`: every fault of a submission, of looking, of a process and of a download,
 * against real servers on this machine. Fails when a single one ends in another way than it must.
 */
import { runDownloadFaults } from "./downloads/index.ts";
import { runSubmissionFaults } from "./submissions/index.ts";

const seed = Number(process.argv[2] ?? Math.floor(Math.random() * 2 ** 31));
const startedAt = performance.now();
process.on("warning", () => undefined);

const submissions = await runSubmissionFaults(seed);
const count = (kind: string) => submissions.findings.filter((finding) => finding.kind === kind).length;
console.log(
	`submissions: ${submissions.cells} cells, ${submissions.jobs} jobs, billed twice ${count("billed twice")}, ` +
		`lost ${count("lost")}, stuck ${count("stuck")}, untrue ${count("untrue")}, otherwise wrong ${count("other")} (seed ${seed})`,
);
for (const { cell, kind, problem } of submissions.findings) console.log(`  ${kind}: ${cell}: ${problem}`);

const downloads = await runDownloadFaults();
console.log(
	`downloads: ${downloads.cells} cells, ${downloads.jobs} jobs, files wrongly named final ${downloads.wronglyFinal}, ` +
		`denied addresses connected ${downloads.deniedConnects}, bytes lost ${downloads.bytesLost}, ` +
		`otherwise wrong ${downloads.failures.length}`,
);
for (const { cell, problem } of downloads.failures) console.log(`  ${cell}: ${problem}`);

const wrong =
	submissions.findings.length +
	downloads.failures.length +
	downloads.wronglyFinal +
	downloads.deniedConnects +
	downloads.bytesLost;
console.log(`${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
process.exitCode = wrong > 0 ? 1 : 0;
