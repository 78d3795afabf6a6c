/** Loaded with `node --import`, lets the examples import reelay by its name and run from the sources. */
import { registerHooks } from "node:module";

const ENTRIES: Readonly<Record<string, string>> = {
	reelay: "../../src/index.ts",
	"reelay/container": "../../src/container/index.ts",
	"reelay/provider-kit": "../../src/provider-kit/index.ts",
	"reelay/testing": "../../src/testing/index.ts",
};

registerHooks({
	resolve(specifier, context, next) {
		const entry = ENTRIES[specifier];
		return next(entry === undefined ? specifier : new URL(entry, import.meta.url).href, context);
	},
});
