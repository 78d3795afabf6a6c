/**
 * What a request asks for. `image-to-video` is chosen by the request's `image`; every other
 * field means the same in both tasks.
 */
export type VideoTask = "text-to-video" | "image-to-video";
