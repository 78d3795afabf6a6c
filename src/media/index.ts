/** Reading images that are given, and looking at videos that were made. The only importer of the media library. */
export { type ByteReader, bytesReader } from "./byte-reader.ts";
export { describeBytes } from "./describe-bytes.ts";
export { fileKind, fileProblem } from "./file-problem.ts";
export { type LoadedImage, loadImage } from "./load-image.ts";
export type {
	EncodedMediaInput,
	FetchUrl,
	ImageLimits,
	LoadImageContext,
	MediaInput,
} from "./media-input.ts";
export { isVideoMetadata } from "./metadata-schema.ts";
export { type ProbeVideoOptions, probeOrSniff, probeVideo } from "./probe-video.ts";
export { SNIFF_BYTES, sniffVideo } from "./sniff-video.ts";
export { type VerifyVideoOptions, verifyVideoFile } from "./verify-video.ts";
export type { VideoContainer, VideoMetadata } from "./video-metadata.ts";
