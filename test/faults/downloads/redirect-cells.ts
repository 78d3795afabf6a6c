import { redirect, reply, whole } from "../../support/download-answers.ts";
import type { Answer, DownloadServer } from "../../support/download-server.ts";
import type { FaultCell } from "./report.ts";
import { type CellTools, type TransferScript, transferCell, VIDEO } from "./transfer-cell.ts";

const CANARY = "canary-8c1f2a90b7";
const STATUSES = [301, 302, 303, 307, 308];

/** Redirects the first so many requests to itself, then sends the video. */
function hops(count: number): readonly Answer[] {
	return [...Array.from({ length: count }, (_, index) => redirect(302, `/hop-${index}`)), whole(VIDEO)];
}

/** Whether the key arrived at the first server, and at no other. */
function onlyAt(first: DownloadServer, others: readonly DownloadServer[]): readonly string[] {
	const problems = others.flatMap(({ requests }) =>
		requests.some(({ head }) => head.includes(CANARY)) ? ["the key reached another origin"] : [],
	);
	if (first.requests[0]?.headers["x-api-key"] !== CANARY) problems.push("the key did not reach its own origin");
	if (others.some(({ requests }) => requests.length === 0)) problems.push("another origin was not reached at all");
	return problems;
}

function withKey({ server }: CellTools) {
	const headers = { "X-Api-Key": CANARY, Authorization: `Bearer ${CANARY}`, Cookie: `session=${CANARY}` };
	return { headers, credentialOrigins: [server.origin] };
}

/** A key on its way through servers of which only the first may see it. */
function keyCell(
	name: string,
	route: (tools: CellTools) => Promise<readonly [readonly Answer[], readonly DownloadServer[]]>,
) {
	let others: readonly DownloadServer[] = [];
	const script: TransferScript = {
		answers: async (tools) => {
			const [answers, reached] = await route(tools);
			others = reached;
			return answers;
		},
		asset: withKey,
		ends: "saved",
		check: ({ server }) => onlyAt(server, others),
	};
	return transferCell(`key: ${name}`, script);
}

/** A redirect to somewhere that must not be gone to. */
function refused(location: string, says: RegExp): FaultCell {
	return transferCell(`redirect: to ${location.slice(0, 60)}`, {
		answers: [redirect(302, location)],
		ends: "download_failed",
		says,
		requests: 1,
	});
}

/** Redirects, and the keys that must not go along. */
export const REDIRECT_CELLS: readonly FaultCell[] = [
	transferCell("redirect: five in a row", { answers: hops(5), ends: "saved", requests: 6 }),
	transferCell("redirect: six in a row", {
		answers: hops(6),
		ends: "download_failed",
		says: /redirects more than 5 times/,
		requests: 6,
	}),
	transferCell("redirect: twenty in a row", { answers: hops(20), ends: "download_failed", requests: 6 }),
	transferCell("redirect: in a loop", {
		answers: [redirect(301, "/video.mp4")],
		ends: "download_failed",
		requests: 6,
	}),
	transferCell("redirect: without saying where to", { answers: [reply(302)], ends: "download_failed", requests: 1 }),
	transferCell("redirect: to two places", {
		answers: [reply(302, { Location: ["/one", "/two"] })],
		ends: "download_failed",
		requests: 1,
	}),
	transferCell("redirect: relative, with dots and a fragment", {
		answers: [redirect(302, "../../a/./b.mp4?x=1#t=5"), whole(VIDEO)],
		ends: "saved",
		check: ({ server }) =>
			server.requests[1]?.path === "/a/b.mp4?x=1" ? [] : [`asked for ${server.requests[1]?.path}`],
	}),
	transferCell("redirect: with a body without end", {
		answers: [
			async (socket) => {
				socket.write("HTTP/1.1 302 Found\r\nLocation: /next\r\nTransfer-Encoding: chunked\r\n\r\n");
				const chunk = Buffer.from(`10000\r\n${"x".repeat(65_536)}\r\n`);
				while (!socket.destroyed) await new Promise<void>((done) => socket.write(chunk, () => done()));
			},
			whole(VIDEO),
		],
		ends: "saved",
	}),
	refused("file:///etc/passwd", /starts with file:/),
	refused("data:video/mp4;base64,AAAAIGZ0eXBpc29t", /starts with data:/),
	refused("ftp://127.0.0.1/video.mp4", /starts with ftp:/),
	refused("javascript:alert(1)", /starts with javascript:/),
	refused("blob:https://example.com/1", /starts with blob:/),
	refused("http://user:password@127.0.0.1/video.mp4", /holds a user name or a password/),
	refused("http://[::1", /cannot be read/),
	refused("http://169.254.169.254/latest/meta-data/", /leads to 169\.254\.169\.254, a cloud's metadata address/),
	refused("http://2852039166/", /a cloud's metadata address/),
	refused("//169.254.169.254/latest", /a cloud's metadata address/),
	...STATUSES.flatMap((status) => [
		keyCell(`${status} to another port`, async ({ startOther }) => {
			const other = await startOther(whole(VIDEO));
			return [[redirect(status, `${other.origin}/video.mp4`)], [other]];
		}),
		keyCell(`${status} to another name of the same host`, async ({ startOther, server }) => {
			const other = await startOther(whole(VIDEO));
			return [[redirect(status, `http://localhost:${other.port}/video.mp4?from=${server.port}`)], [other]];
		}),
		transferCell(`key: ${status} within its own origin keeps it`, {
			answers: [redirect(status, "/elsewhere.mp4"), whole(VIDEO)],
			asset: withKey,
			ends: "saved",
			check: ({ server }) =>
				server.requests[1]?.headers["x-api-key"] === CANARY ? [] : ["the key did not go along within its origin"],
		}),
	]),
	keyCell("there and back again", async ({ startOther, server }) => {
		const other = await startOther(redirect(302, `${server.origin}/back.mp4`));
		return [[redirect(302, `${other.origin}/there.mp4`), whole(VIDEO)], [other]];
	}),
	keyCell("over two others", async ({ startOther }) => {
		const last = await startOther(whole(VIDEO));
		const middle = await startOther(redirect(307, `${last.origin}/video.mp4`));
		return [[redirect(307, `${middle.origin}/video.mp4`)], [middle, last]];
	}),
	transferCell("key: the same server under another name", {
		answers: ({ server }) => [redirect(302, `http://localhost:${server.port}/video.mp4`), whole(VIDEO)],
		asset: withKey,
		ends: "saved",
		requests: 2,
		check: ({ server }) => (server.requests[1]?.head.includes(CANARY) ? ["the key reached another origin"] : []),
	}),
	transferCell("key: an asset at an origin that may not see it", {
		answers: [whole(VIDEO)],
		asset: () => ({ headers: { "X-Api-Key": CANARY }, credentialOrigins: ["https://example.com"] }),
		ends: "saved",
		check: ({ server }) => (server.requests[0]?.head.includes(CANARY) ? ["the key reached another origin"] : []),
	}),
	transferCell("key: an asset that names no origin", {
		answers: [whole(VIDEO)],
		asset: () => ({ headers: { "X-Api-Key": CANARY } }),
		ends: "saved",
		check: ({ server }) => (server.requests[0]?.head.includes(CANARY) ? ["the key reached another origin"] : []),
	}),
	transferCell("key: an asset whose origins are nonsense", {
		answers: [whole(VIDEO)],
		asset: ({ server }) => ({
			headers: { "X-Api-Key": CANARY },
			credentialOrigins: ["", "null", "*", "http://", `127.0.0.1:${server.port}`, `http://*:${server.port}`],
		}),
		ends: "saved",
		check: ({ server }) => (server.requests[0]?.head.includes(CANARY) ? ["the key reached another origin"] : []),
	}),
	transferCell("key: no error repeats it", {
		answers: [reply(404, {}, CANARY)],
		asset: ({ server }) => ({ ...withKey({ server } as CellTools), url: `${server.origin}/v.mp4?signature=${CANARY}` }),
		ends: "download_failed",
		check: (_tools, outcome) =>
			outcome instanceof Error && `${outcome.stack}${JSON.stringify(outcome)}`.includes(CANARY)
				? ["an error holds the key"]
				: [],
	}),
];
