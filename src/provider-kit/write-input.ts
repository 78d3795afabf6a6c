import { InputError } from "../errors/index.ts";
import type { JsonObject, JsonValue, ProviderRequest } from "../provider/index.ts";
import {
	type OptionName,
	type OptionNames,
	type OptionStyle,
	type StyleOverride,
	styleFor,
	writeOptions,
} from "./write-options.ts";

/** An input, and what the user should know about it. */
export interface WrittenInput {
	readonly input: JsonObject;
	readonly warnings: readonly string[];
}

/**
 * Makes a function that writes the whole input of a model: the prompt, the options in the model's style (see
 * `styleFor`), and the user's `providerOptions` as they are, but for `inputNames` among them, which renames options.
 * `path` leads to the user's, such as `providerOptions.studio`. What was adjusted or has no place is said in the
 * warnings.
 *
 * The function throws what `writeOptions`, `takeInputNames` and `withOwnFields` throw.
 */
export function inputWriter(
	path: string,
	usual: OptionStyle,
	families: readonly (readonly [RegExp, StyleOverride])[] = [],
): (request: ProviderRequest) => WrittenInput {
	return (request) => {
		const style = styleFor(request.model, usual, families);
		const { inputNames, own } = takeInputNames(request.providerOptions, style.names, path);
		const { fields, warnings } = writeOptions(request, { ...style, names: { ...style.names, ...inputNames } });
		return { input: withOwnFields({ prompt: request.prompt, ...fields }, own, path), warnings };
	};
}

/**
 * Takes the user's own names for options out of `providerOptions`: `{ inputNames: { image: "first_image" }, … }`.
 * `path` leads there, such as `providerOptions.studio`. Throws `InputError` for a name that belongs to no option.
 */
export function takeInputNames(
	{ inputNames = {}, ...own }: JsonObject,
	names: Partial<OptionNames>,
	path: string,
): { readonly inputNames: Partial<Record<OptionName, string>>; readonly own: JsonObject } {
	const isMap =
		isObject(inputNames) &&
		Object.entries(inputNames).every(
			([option, name]) => Object.hasOwn(names, option) && typeof name === "string" && name !== "",
		);
	if (isMap) return { inputNames, own };
	const options = Object.keys(names).join(", ");
	throw new InputError(`${path}.inputNames`, `must map options to names of inputs; options are ${options}`);
}

/**
 * Fields with the user's own among them, objects joined name by name. `path` leads to the user's, such as
 * `providerOptions.studio`. Throws `InputError` when both say the same thing.
 */
export function withOwnFields(fields: JsonObject, own: JsonObject, path: string): JsonObject {
	const joined = Object.entries(own).map(([name, value]): [string, JsonValue] => {
		const said = Object.hasOwn(fields, name) ? fields[name] : undefined;
		if (said === undefined) return [name, value];
		if (isObject(said) && isObject(value)) return [name, withOwnFields(said, value, `${path}.${name}`)];
		throw new InputError(`${path}.${name}`, "the request says this too; leave one of them out");
	});
	return { ...fields, ...Object.fromEntries(joined) };
}

/** An object without the fields that are `undefined`. */
export function given<Fields extends object>(
	fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function isObject(value: JsonValue): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
