import { z } from "zod";
import { InputError, type JsonObject, type JsonValue } from "../../src/provider-kit/index.ts";

/** What the user says to Hugging Face alone. */
export interface HuggingfaceOptions {
	/** The organization that pays, as it was given. */
	readonly billTo: JsonValue | undefined;
	/** The user's own names for options. */
	readonly inputNames: Readonly<Record<string, string>>;
	/** What goes to the model as it is. */
	readonly extra: JsonObject;
}

const inputNamesSchema = z.record(z.string(), z.string().min(1));
/** What the SDK takes for its own settings: with some of these it would send something else, or elsewhere. */
const RESERVED = ["accessToken", "endpointUrl", "urlTransform", "provider", "model", "inputs", "parameters", "data"];

/** Reads `providerOptions.huggingface`. Throws `InputError` that names the option. */
export function parseProviderOptions(options: JsonObject): HuggingfaceOptions {
	const { billTo, inputNames = {}, ...extra } = options;
	const parsed = inputNamesSchema.safeParse(inputNames);
	if (!parsed.success) {
		throw new InputError("providerOptions.huggingface.inputNames", "it must map options to names of inputs");
	}
	const names = [...Object.keys(extra), ...Object.values(parsed.data)];
	const reserved = names.find((name) => RESERVED.includes(name));
	if (reserved === undefined) return { billTo, inputNames: parsed.data, extra };
	const remedy = "leave it out; the model reference says where a job goes";
	throw new InputError(`providerOptions.huggingface.${reserved}`, `it is no input of a model; ${remedy}`);
}
