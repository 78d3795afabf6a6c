/** Marks reelay's errors. A registered symbol, so that two copies of the package recognise each other's. */
export const VIDEO_ERROR_MARK = Symbol.for("reelay.VideoError");
