import type { InputImage } from "../provider/index.ts";

/** The image as bare base64, as some services want it. */
export function imageToBase64(image: InputImage): string {
	return Buffer.from(image.data.buffer, image.data.byteOffset, image.data.byteLength).toString("base64");
}

/** The image as a `data:` URL. */
export function imageToDataUrl(image: InputImage): string {
	return `data:${image.mediaType};base64,${imageToBase64(image)}`;
}
