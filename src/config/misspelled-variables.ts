import leven from "leven";
import { ENVIRONMENT } from "./environment.ts";
import { didYouMean } from "./nearest.ts";
import { type Environment, lookUp } from "./settings.ts";

/** Names that nobody but reelay would give a variable. */
const OURS = /^REELAY_|^(DEFAULT|FALLBACK)_.*VIDEO|^MAX_(VIDEO|IMAGE|PROMPT)_?|^VIDEO_QUALITY/;
/** Near to one of ours, and read by other programs. */
const OTHERS = ["TOGETHERAI_API_KEY"];
/** Letters that are wrong, missing or too many in a name that was mistyped. */
const MOST_EDITS = 2;

/** Variables that are set and look like one of ours with a typing error, each with its remedy. Shows no value. */
export function misspelledVariables(environment: Environment): readonly string[] {
	const names = ENVIRONMENT.map(({ name }) => name);
	const unset = names.filter((name) => lookUp(environment, name) === undefined);
	return Object.keys(environment).flatMap((name) => {
		if (names.includes(name) || OTHERS.includes(name) || lookUp(environment, name) === undefined) return [];
		const near = unset.filter((known) => isMistyped(name, known));
		if (near.length === 0 && !OURS.test(name)) return [];
		return `${name}: reelay reads no such variable.${didYouMean(name, near.length === 0 ? names : near)}`;
	});
}

/** The first word tells services apart, so a short one must be right: `GH_TOKEN` is no `HF_TOKEN`. */
function isMistyped(name: string, known: string): boolean {
	const typed = name.toUpperCase();
	if (leven(typed, known) > MOST_EDITS) return false;
	const [service = ""] = known.split("_");
	const beginnings = [-1, 0, 1].map((more) => typed.slice(0, service.length + more));
	return beginnings.some((beginning) => leven(beginning, service) <= (service.length - 1) / 2);
}
