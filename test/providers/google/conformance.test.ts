import { describe, it } from "vitest";
import { protocolCases } from "../protocol.ts";
import { GOOGLE_PROTOCOLS } from "./protocols.ts";

describe.each(GOOGLE_PROTOCOLS)("$provider, $name, keeps the contract: it", (protocol) => {
	for (const { name, run } of protocolCases(protocol)) it(name, run);
});
