import { FolderObserver } from "../support/download-observer.ts";
import type { DownloadServer } from "../support/download-server.ts";

/** Notices when bytes are asked for that were on the disk, and that a later run could go on with. */
export class LossWatch {
	bytesFetchedAgain = 0;
	#safeBytes: number;

	/**
	 * `safeBytes`: how much is known to be there from the start. `mayDiscard`: what cannot be vouched for any
	 * more is thrown away on purpose.
	 */
	constructor(folder: string, server: DownloadServer, safeBytes: number, mayDiscard: boolean) {
		this.#safeBytes = mayDiscard ? 0 : safeBytes;
		const observer = new FolderObserver(folder, "", []);
		observer.stop();
		server.onRequest = ({ headers }) => {
			if (mayDiscard) observer.resumableBytes = 0;
			observer.look();
			const from = Number(/^bytes=(\d+)-/.exec(headers["range"] ?? "")?.[1] ?? 0);
			const keptBytes = Math.max(observer.resumableBytes, this.#safeBytes);
			this.bytesFetchedAgain += Math.max(0, keptBytes - from);
			// The same bytes are lost once.
			this.#safeBytes = 0;
		};
	}
}
