/**
 * Adds to package-lock.json the optional packages of other platforms that the registry at hand did not
 * serve. npm leaves them out in silence, and `npm ci` then refuses the lock. Run it after a change of
 * dependencies: `node scripts/complete-lock.ts`.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface LockedPackage {
	version: string;
	optional?: boolean;
	dev?: boolean;
	os?: string[];
	cpu?: string[];
	libc?: string[];
	engines?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
}

const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32", "sunos", "aix", "netbsd", "openbsd"];
const PROCESSORS = ["arm64", "x64", "ia32", "arm", "ppc64", "riscv64", "s390x", "loong64", "wasm32"];

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const packages: Record<string, LockedPackage> = lock.packages;
for (const owner of Object.values(packages)) {
	for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
		const key = `node_modules/${name}`;
		const parts = name.split(/[/-]/);
		const os = SYSTEMS.find((system) => parts.includes(system));
		const cpu = PROCESSORS.find((processor) => parts.includes(processor));
		if (packages[key] !== undefined || os === undefined || cpu === undefined) continue;
		const libc = name.includes("musl") ? ["musl"] : name.includes("gnu") ? ["glibc"] : undefined;
		packages[key] = {
			version,
			cpu: [cpu],
			...(owner.dev === true ? { dev: true } : {}),
			...(libc === undefined ? {} : { libc }),
			optional: true,
			os: [os],
		};
		console.log(`added ${name}@${version}`);
	}
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync("package-lock.json", `${JSON.stringify(lock, undefined, "\t")}\n`);
