import { ConfigurationError } from "../errors/index.ts";
import type { ProviderCheck, ProviderSettings, SecretValue } from "../provider/index.ts";

/** The variable that the key of a service is in. */
export interface KeyVariable {
	/** Its name, such as `STUDIO_API_KEY`. */
	readonly name: string;
	/** What to do where it is not set: `"create a key at studio.example/keys"`. */
	readonly remedy: string;
}

/** The key of a service. Throws `ConfigurationError` when it is not set. */
export function requireKey({ credentials }: Pick<ProviderSettings, "credentials">, variable: KeyVariable): SecretValue {
	const key = credentials[variable.name];
	if (key !== undefined) return key;
	throw new ConfigurationError(notSet(variable));
}

/** What `VideoProvider.check` says of a service that needs a key and nothing else. */
export function checkKey(
	{ credentials }: Pick<ProviderSettings, "credentials">,
	variable: KeyVariable,
	baseUrl: string,
): ProviderCheck {
	if (credentials[variable.name] === undefined) return { usable: false, detail: notSet(variable) };
	return { usable: true, detail: `${variable.name} is set; requests go to ${new URL(baseUrl).origin}` };
}

function notSet({ name, remedy }: KeyVariable): string {
	return `${name} is not set; ${remedy}`;
}
