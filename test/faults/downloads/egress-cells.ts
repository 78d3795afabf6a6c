import type { LookupAddress } from "node:dns";
import { mkdtemp, rm } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isVideoError } from "../../../src/errors/index.ts";
import { FORBIDDEN_ANSWERS, FORBIDDEN_HOSTS } from "../../support/download-addresses.ts";
import { cutAt, redirect } from "../../support/download-answers.ts";
import { ConnectCounter } from "../../support/download-connects.ts";
import { folderState, planIn, quickNetwork, save } from "../../support/download-run.ts";
import { type Answer, type DownloadServer, startServer } from "../../support/download-server.ts";
import type { CellOutcome, FaultCell } from "./report.ts";
import { VIDEO } from "./transfer-cell.ts";

type NetworkSettings = NonNullable<Parameters<typeof quickNetwork>[0]>;

/** A way to somewhere that must not be connected to. */
interface EgressScript {
	/** The URL of the asset. */
	readonly url: (server: DownloadServer) => string;
	readonly settings: (server: DownloadServer) => NetworkSettings;
	/** What the server on loopback answers, where the way leads over one. It may be connected to. */
	readonly answers?: readonly Answer[];
	/** How many connections to that server there may be. @default 0 */
	readonly allowedConnects?: number;
	/** Words of the error. */
	readonly says?: RegExp;
}

const REFUSED = /and is not followed|cannot be read|has a host name without any address/;

function egressCell(name: string, script: EgressScript): FaultCell {
	return { name: `egress: ${name}`, run: () => runEgress(script) };
}

async function runEgress(script: EgressScript): Promise<CellOutcome> {
	const folder = await mkdtemp(join(tmpdir(), "reelay-faults-"));
	const server = await startServer(script.answers ?? []);
	const limits = { connectTimeoutMs: 200, maxAttempts: 2 };
	const network = quickNetwork({ allowPrivateNetwork: false, limits, ...script.settings(server) });
	const fetched = script.url(server);
	const counter = new ConnectCounter();
	const problems: string[] = [];
	try {
		const plan = await planIn(folder);
		const outcomes = [
			await save(fetched, { network, plan }).catch((error: unknown) => error),
			await network.fetchUrl("image", fetched, 1_000, new AbortController().signal).catch((error: unknown) => error),
		];
		for (const [index, code] of ["download_failed", "invalid_input"].entries()) {
			const outcome = outcomes[index];
			if (!isVideoError(outcome) || outcome.code !== code) problems.push(`ended with ${String(outcome)}`);
			else if (!(script.says ?? REFUSED).test(outcome.message)) problems.push(`says "${outcome.message}"`);
		}
		const { names } = await folderState(folder);
		const kept = names.filter((file) => !file.startsWith(".reelay-"));
		if (kept.length > 0) problems.push(`left ${kept.join(", ")}`);
		const own = `127.0.0.1:${server.port}`;
		const denied = counter.targets.filter((target) => target !== own);
		const allowed = counter.targets.length - denied.length;
		if (allowed !== (script.allowedConnects ?? 0)) problems.push(`connected ${allowed} times to its own server`);
		if (denied.length > 0) problems.push(`connected to ${denied.join(", ")}`);
		return { problems, jobs: 2, wronglyFinal: kept.length, deniedConnects: denied.length, bytesLost: 0 };
	} finally {
		counter.stop();
		await network.close();
		await server.close();
		await rm(folder, { recursive: true, force: true });
	}
}

/** A look-up that gives one answer after the other; the last one repeats. */
function answering(...answers: readonly (readonly string[])[]): LookupFunction {
	let asked = 0;
	return (_hostname, _options, callback) => {
		const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
		asked += 1;
		const found: LookupAddress[] = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
		callback(null, found);
	};
}

const STRICT = () => ({});
const hosts = Object.entries(FORBIDDEN_HOSTS).flatMap(([whose, names]) => names.map((name) => [whose, name] as const));
const METADATA = FORBIDDEN_HOSTS["where clouds hand out keys"] ?? [];

/** Ways to addresses that must never be connected to. */
export const EGRESS_CELLS: readonly FaultCell[] = [
	...hosts.flatMap(([whose, host]) => [
		egressCell(`${whose}, as ${host}`, { url: () => `https://${host}/video.mp4`, settings: STRICT }),
		egressCell(`${whose}, as ${host}, by a redirect`, {
			url: ({ origin }) => `${origin}/video.mp4`,
			settings: ({ origin }) => ({ trustedOrigins: [origin] }),
			answers: [redirect(302, `https://${host}/video.mp4`)],
			allowedConnects: 1,
		}),
	]),
	...METADATA.map((host) =>
		egressCell(`where clouds hand out keys, as ${host}, although private networks are open`, {
			url: () => `http://${host}/video.mp4`,
			settings: () => ({ allowPrivateNetwork: true }),
			says: /a cloud's metadata address.*nothing allows it/,
		}),
	),
	...FORBIDDEN_ANSWERS.map((addresses) =>
		egressCell(`a name that is looked up as ${addresses.join(" and ") || "nothing"}`, {
			url: () => "https://videos.example.com/video.mp4",
			settings: () => ({ lookup: answering(addresses) }),
		}),
	),
	...["localhost", "LOCALHOST", "localhost.", "a.localhost", "ip6-localhost", "metadata.google.internal"].map((name) =>
		egressCell(`${name}, whatever it is looked up as here`, {
			url: () => `https://${name}/video.mp4`,
			settings: () => ({ lookup: answering(["127.0.0.1", "::1"]) }),
		}),
	),
	egressCell("a name that leads to metadata from the second look-up on", {
		url: ({ port }) => `http://videos.example.com:${port}/video.mp4`,
		settings: () => ({
			allowPrivateNetwork: true,
			lookup: answering(["127.0.0.1"], ["169.254.169.254"]),
		}),
		answers: [cutAt(VIDEO, 5_000, "rst")],
		allowedConnects: 1,
		says: /a cloud's metadata address/,
	}),
	egressCell("a name that leads here and to metadata in one answer", {
		url: ({ port }) => `http://videos.example.com:${port}/video.mp4`,
		settings: () => ({ allowPrivateNetwork: true, lookup: answering(["127.0.0.1", "169.254.169.254"]) }),
		says: /a cloud's metadata address/,
	}),
	egressCell("no encryption", {
		url: () => "http://93.184.215.14/video.mp4",
		settings: STRICT,
		says: /is not encrypted; use https/,
	}),
	egressCell("another port", {
		url: () => "https://93.184.215.14:8443/video.mp4",
		settings: STRICT,
		says: /names port 8443/,
	}),
	egressCell("a redirect away from encryption", {
		url: ({ origin }) => `${origin}/video.mp4`,
		settings: ({ origin }) => ({ trustedOrigins: [origin] }),
		answers: [redirect(302, "http://93.184.215.14/video.mp4")],
		allowedConnects: 1,
		says: /is not encrypted; use https/,
	}),
	...[
		"file:///etc/passwd",
		"data:video/mp4;base64,AAAA",
		"ftp://93.184.215.14/v.mp4",
		"//93.184.215.14/v.mp4",
		"v.mp4",
		"",
	].map((url) =>
		egressCell(`"${url}"`, { url: () => url, settings: STRICT, says: /only https: is fetched|must be absolute/ }),
	),
	egressCell("a URL with a password", {
		url: () => "https://user:secret@93.184.215.14/v.mp4",
		settings: STRICT,
		says: /holds a user name or a password/,
	}),
];
