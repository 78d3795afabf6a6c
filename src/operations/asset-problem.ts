import { isUint8Array } from "node:util/types";
import type { OperationStatus } from "../provider/index.ts";

/** What the service said when an operation ended with a video. */
export type SucceededStatus = Extract<OperationStatus, { state: "succeeded" }>;

/**
 * What is wrong with the assets of an operation that succeeded, as the end of a sentence; `undefined` when the first
 * one is a video that can be fetched. A provider of the user's own may be plain JavaScript, and a slip in it must not
 * cost the handle of a paid video.
 */
export function assetProblem(assets: unknown): string | undefined {
	const [asset] = Array.isArray(assets) ? assets : [];
	if (typeof asset !== "object" || asset === null) return "gives no asset";
	const { kind, url, data, path } = asset;
	switch (kind) {
		case "url":
			return typeof url === "string" ? undefined : "its asset has no url that is a text";
		case "bytes":
			return isUint8Array(data) ? undefined : "its asset has no data that is a Uint8Array";
		case "file":
			return typeof path === "string" ? undefined : "its asset has no path that is a text";
		default:
			return "its asset is of no kind that is known (url, bytes, file)";
	}
}
