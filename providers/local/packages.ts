import { createRequire } from "node:module";
import { ConfigurationError } from "../../src/provider-kit/index.ts";

/** What the renderer needs, by a file that each package must have. Any one of the encoders will do. */
const NEEDED = {
	"@napi-rs/canvas": "@napi-rs/canvas",
	"@fontsource/inter": "@fontsource/inter/files/inter-latin-600-normal.woff2",
} as const;
const ENCODERS = ["node-webcodecs", "h264-mp4-encoder"] as const;

/** Names the optional packages that are not installed; empty when rendering is possible. */
export function missingPackages(
	resolve: (specifier: string) => unknown = createRequire(import.meta.url).resolve,
): readonly string[] {
	const isMissing = (specifier: string): boolean => {
		try {
			resolve(specifier);
			return false;
		} catch {
			return true;
		}
	};
	const missing = Object.entries(NEEDED)
		.filter(([, file]) => isMissing(file))
		.map(([name]) => name);
	return ENCODERS.every(isMissing) ? [...missing, ...ENCODERS] : missing;
}

/** Says how to get packages that are not installed. Nothing was rendered, and it costs nothing. */
export function missingPackagesError(missing: readonly string[]): ConfigurationError {
	return new ConfigurationError(
		`local:animatic needs ${missing.join(", ")}, which npm left out; run: npm install ${missing.join(" ")}`,
		{ provider: "local", billed: "no" },
	);
}
