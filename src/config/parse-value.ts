import { resolve } from "node:path";
import { ConfigurationError, Secret } from "../errors/index.ts";
import { didYouMean } from "./nearest.ts";

/** The levels of detail of the log. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** Where jobs are recorded. */
export type LedgerKind = "sqlite" | "memory";

interface Values {
	readonly cache: boolean | "unseeded";
	readonly flag: boolean;
	readonly ledger: LedgerKind;
	readonly "log-level": LogLevel;
	readonly model: string;
	readonly models: readonly string[];
	readonly modules: readonly string[];
	readonly path: string;
	readonly "positive-integer": number;
	readonly "positive-number": number;
	readonly quality: "low" | "medium" | "high";
	readonly secret: Secret;
	readonly text: string;
	readonly url: string;
	/** Several, with commas between. */
	readonly urls: string;
}

/** What the value of a variable must look like. */
export type ValueKind = keyof Values;

/** What a value of that kind becomes. */
export type ParsedValue<Kind extends ValueKind> = Values[Kind];

const PARSERS: { readonly [Kind in ValueKind]: (name: string, raw: string) => Values[Kind] } = {
	cache: (name, raw) => {
		const value = oneOf(name, raw, ["0", "1", "false", "true", "unseeded"]);
		return value === "unseeded" ? value : value === "1" || value === "true";
	},
	flag: (name, raw) => oneOf(name, raw, ["0", "1", "false", "true"]).match(/1|true/) !== null,
	"log-level": (name, raw) => oneOf(name, raw, ["debug", "info", "warn", "error", "silent"]),
	ledger: (name, raw) => oneOf(name, raw, ["sqlite", "memory"]),
	model: (_name, raw) => raw,
	models: (_name, raw) => list(raw),
	modules: (_name, raw) => list(raw),
	path: (_name, raw) => resolve(raw),
	"positive-integer": (name, raw) => positive(name, raw, "a whole number"),
	"positive-number": (name, raw) => positive(name, raw, "a number"),
	quality: (name, raw) => oneOf(name, raw, ["low", "medium", "high"]),
	secret: (name, raw) => {
		if (!/^[\x21-\x7e]+$/.test(raw)) {
			throw new ConfigurationError(
				`${name}: the value holds white space or characters that no key has; copy the key again without them`,
			);
		}
		// `docker run --env-file` keeps quotes; `export` lines are pasted whole. Such a value is no key, and of no known kind.
		if (/^["'`]|["'`]$|^[A-Z][A-Z0-9_]*=(?!=*$)/.test(raw)) {
			throw new ConfigurationError(
				`${name}: the value has quotation marks around it, or the name of a variable before it; write the key alone`,
			);
		}
		return new Secret(raw);
	},
	text: (_name, raw) => raw,
	url: (name, raw) => {
		const url = URL.canParse(raw) ? new URL(raw) : undefined;
		if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
			throw new ConfigurationError(
				`${name}: the value is not an http or https URL; write one such as https://host/path`,
			);
		}
		if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
			throw new ConfigurationError(
				`${name}: the URL must not hold a user, a query or a fragment; keys have their own variables`,
			);
		}
		return url.href.replace(/\/+$/, "");
	},
	urls: (name, raw) =>
		list(raw)
			.map((one) => PARSERS.url(name, one))
			.join(","),
};

/** Parses the text of one variable. Throws `ConfigurationError`, which never repeats a secret. */
export function parseValue<Kind extends ValueKind>(name: string, kind: Kind, raw: string): ParsedValue<Kind> {
	return PARSERS[kind](name, raw.trim());
}

function list(raw: string): readonly string[] {
	return raw
		.split(",")
		.map((part) => part.trim())
		.filter((part) => part !== "");
}

function oneOf<Value extends string>(name: string, raw: string, allowed: readonly Value[]): Value {
	const value = allowed.find((candidate) => candidate === raw.toLowerCase());
	if (value !== undefined) return value;
	throw new ConfigurationError(`${name}: "${raw}" is not one of ${allowed.join(", ")}.${didYouMean(raw, allowed)}`);
}

function positive(name: string, raw: string, what: "a number" | "a whole number"): number {
	const value = /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : Number.NaN;
	if (Number.isFinite(value) && value > 0 && (what === "a number" || Number.isSafeInteger(value))) return value;
	throw new ConfigurationError(`${name}: "${raw}" is not ${what} above 0; write digits only, or unset it`);
}
