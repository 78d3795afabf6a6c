import { removeStaleFiles } from "./download-file.ts";
import { throwIfCancelled } from "./save-error.ts";
import { saveLocal } from "./save-local.ts";
import type { SavedVideo, SaveRequest } from "./save-request.ts";
import { saveUrl } from "./save-url.ts";

/**
 * Brings a finished video to its place: written to a private file beside it, verified to the last byte,
 * flushed, then named in one step. The name is never seen before the file is whole, is never written
 * through a symbolic link, and never replaces a file unless the plan says so: when it was taken meanwhile
 * the video is saved as `name-2`, with a warning.
 *
 * Throws `DownloadError` (network, disk), `FileSizeError` (over `maxBytes`), `MediaError` (not a whole
 * video) or `CancelledError`. After each of them the video can be fetched again at no cost.
 */
export async function saveAsset(request: SaveRequest): Promise<SavedVideo> {
	throwIfCancelled(request);
	await removeStaleFiles(request.plan.directory);
	if (request.asset.kind === "url") return saveUrl(request, request.asset);
	return saveLocal(request, request.asset);
}
