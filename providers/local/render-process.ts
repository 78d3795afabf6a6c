import type { RenderOrder, RenderReport } from "./render-spec.ts";

/**
 * The child process that renders one video. It writes no file, and ends when its parent does: killing
 * either at any time leaves nothing behind.
 */
const CHUNK_BYTES = 1 << 20;

process.on("disconnect", () => process.exit());
process.once("message", (order: RenderOrder) => {
	void obey(order).then(
		() => process.exit(),
		() => process.exit(1),
	);
});

async function obey(order: RenderOrder): Promise<void> {
	try {
		// Loaded here, so that a missing package is reported instead of ending the process.
		const { probeRenderer, renderVideo } = await import("./render.ts");
		if (order.kind === "probe") {
			await report({ kind: "usable", encoder: await probeRenderer() });
			return;
		}
		const outcome = await renderVideo(order.spec, (progress) => report({ kind: "progress", progress }));
		if (outcome.kind === "invalid") {
			await report({ kind: "failed", failure: "invalid", reason: outcome.reason });
			return;
		}
		await report({ kind: "video", sizeBytes: outcome.video.length });
		for (let offset = 0; offset < outcome.video.length; offset += CHUNK_BYTES) {
			await report({ kind: "chunk", offset, data: outcome.video.slice(offset, offset + CHUNK_BYTES) });
		}
		await report({ kind: "done" });
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		await report({ kind: "failed", failure: "internal", reason });
	}
}

function report(message: RenderReport): Promise<void> {
	return new Promise((resolve) => {
		if (process.send === undefined) resolve();
		else process.send(message, () => resolve());
	});
}
