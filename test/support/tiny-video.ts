/** The tiny video of the scripted service, under the name that the tests use. */
export { TINY_VIDEO } from "../../src/testing/index.ts";
