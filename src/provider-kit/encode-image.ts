import type { InputImage, ProviderRequest } from "../provider/index.ts";
import { DEFAULT_MAX_BYTES } from "./http-exchange.ts";

/** The image as bare base64, as some services want it. */
export function imageToBase64(image: InputImage): string {
	return Buffer.from(image.data.buffer, image.data.byteOffset, image.data.byteLength).toString("base64");
}

/** The image as a `data:` URL. */
export function imageToDataUrl(image: InputImage): string {
	return `data:${image.mediaType};base64,${imageToBase64(image)}`;
}

/** The `maxBytes` for an answer that repeats the request: what one may have anyway, and its pictures in JSON. */
export function maxEchoBytes({ image, lastFrame, references = [] }: ProviderRequest): number {
	const pictures = [image, lastFrame, ...references];
	return pictures.reduce((sum, picture) => sum + 2 * (picture?.data.byteLength ?? 0), DEFAULT_MAX_BYTES);
}
