import { describe, expect, it } from "vitest";
import { cutAt, reply, whole } from "../support/download-answers.ts";
import { downloadFolder, networkFor, patientServerFor, serverFor } from "../support/download-folder.ts";
import { planIn, type RunOptions, save } from "../support/download-run.ts";
import { videoOf } from "../support/download-video.ts";

const VIDEO = videoOf(200_000);

async function failure(
	url: string,
	settings: Parameters<typeof networkFor>[0] = {},
	options: Partial<RunOptions> = {},
) {
	const plan = options.plan ?? (await planIn(await downloadFolder()));
	const error = await save(url, { network: networkFor(settings), ...options, plan }).catch((caught: unknown) => caught);
	return error as Error;
}

describe("what the user is told", () => {
	const strict = { allowPrivateNetwork: false };
	const development = "for development, REELAY_ALLOW_PRIVATE_NETWORK=1 allows it";

	it.each([
		[
			"http://videos.example.com/v.mp4?sig=1",
			`http://videos.example.com/v.mp4 is not encrypted; use https; ${development}`,
		],
		[
			"https://videos.example.com:8443/v.mp4",
			`https://videos.example.com:8443/v.mp4 names port 8443, and only 443 is allowed; ${development}`,
		],
		[
			"https://10.0.0.1/v.mp4",
			`https://10.0.0.1/v.mp4 leads to 10.0.0.1, an address for special use (private), and is not followed; ${development}`,
		],
		[
			"https://169.254.169.254/v.mp4",
			"https://169.254.169.254/v.mp4 leads to 169.254.169.254, a cloud's metadata address, and is not followed; nothing allows it",
		],
		["file:///etc/passwd", "a file: URL starts with file:; only https: is fetched"],
		["/v.mp4", "the URL cannot be read; it must be absolute and start with https://"],
	])("about %s names the problem and the remedy, and no bytes that were never expected", async (url, message) => {
		expect(await failure(url, strict)).toMatchObject({
			code: "download_failed",
			message,
			retryable: false,
			billed: "yes",
		});
	});

	it("about a download that was cut says how far it came, and that another try is free", async () => {
		const folder = await downloadFolder();
		const server = await patientServerFor(folder, [cutAt(VIDEO, 102_400, "rst"), reply(500)]);
		const url = `${server.origin}/v.mp4?sig=canary`;
		const error = await failure(url, { limits: { maxAttempts: 2 } }, { plan: await planIn(folder) });
		expect(error).toMatchObject({
			message: `${server.origin}/v.mp4 answered with HTTP 500; 100 KiB of 195.3 KiB had arrived, and getting it again costs nothing`,
			receivedBytes: 102_400,
			retryable: true,
			billed: "yes",
		});
	});

	it("is one line", async () => {
		const server = await serverFor([reply(200, { "Content-Encoding": "a\tb" }, VIDEO)]);
		expect((await failure(`${server.origin}/a%0Ab.mp4`)).message).not.toMatch(/[\r\n]/);
	});
});

describe("a mistake in the code", () => {
	it("does not look like trouble with the disk or the network", async () => {
		const server = await serverFor([whole(VIDEO)]);
		const error = await failure(`${server.origin}/v.mp4`, {}, { names: undefined as never });
		expect(error).toBeInstanceOf(TypeError);
		expect(error.message).not.toMatch(/could not be saved|costs nothing/);
	});
});

describe("a network that was closed", () => {
	it("says so, and leaves nothing", async () => {
		const server = await serverFor([whole(VIDEO)]);
		const network = networkFor();
		await save(`${server.origin}/v.mp4`, { network, plan: await planIn(await downloadFolder()) });
		await network.close();
		const plan = await planIn(await downloadFolder());
		await expect(save(`${server.origin}/v.mp4`, { network, plan })).rejects.toMatchObject({ code: "download_failed" });
	});
});
