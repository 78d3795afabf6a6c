import {
	InputError,
	type JsonObject,
	type JsonValue,
	type OptionName,
	takeInputNames,
} from "../../src/provider-kit/index.ts";
import { COMMON, OWN } from "./map.ts";

/** What the user says to Hugging Face alone. */
export interface HuggingfaceOptions {
	/** The organization that pays, as it was given. */
	readonly billTo: JsonValue | undefined;
	/** The user's own names for options. */
	readonly inputNames: Partial<Readonly<Record<OptionName, string>>>;
	/** What goes to the model as it is. */
	readonly extra: JsonObject;
}

/** What the SDK takes for its own settings: with some of these it would send something else, or elsewhere. */
const RESERVED = ["accessToken", "endpointUrl", "urlTransform", "provider", "model", "inputs", "parameters", "data"];

/** Reads `providerOptions.huggingface`. Throws `InputError` that names the option. */
export function parseProviderOptions(options: JsonObject): HuggingfaceOptions {
	const { billTo, ...others } = options;
	const { image: _bySdk, ...names } = COMMON;
	const { inputNames, own: extra } = takeInputNames(others, names, OWN);
	const said = [...Object.keys(extra), ...Object.values(inputNames)];
	const reserved = said.find((name) => RESERVED.includes(name));
	if (reserved === undefined) return { billTo, inputNames, extra };
	throw new InputError(
		`${OWN}.${reserved}`,
		"it is no input of a model; leave it out; the model reference says where a job goes",
	);
}
