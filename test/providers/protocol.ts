import { ENVIRONMENT } from "../../src/config/index.ts";
import { Secret } from "../../src/errors/index.ts";
import type { ProviderFactory, ProviderSettings, SecretValue, VideoProvider } from "../../src/provider/index.ts";
import { type ContractCase, contractCases, type HttpContract, type ServiceTarget } from "../../src/testing/index.ts";

/** A protocol that a built-in provider speaks, and how a user reaches a service that speaks it. */
export interface Protocol extends Omit<HttpContract, "create"> {
	/** The provider's id. */
	readonly provider: string;
	/** What tells it from the provider's others. */
	readonly name: string;
	/** The variables that name the service and the key. */
	readonly environment: (target: ServiceTarget) => Readonly<Record<string, string>>;
	readonly factory: ProviderFactory;
	/** What the cases are tried on. @default what the factory makes of the variables */
	readonly create?: (target: ServiceTarget) => VideoProvider;
	/** Which of the cases say something that those of another row do not. @default all */
	readonly only?: RegExp;
}

/** The contract as a protocol is to keep it. */
export function protocolCases(protocol: Protocol): readonly ContractCase[] {
	const { environment, factory, only } = protocol;
	const configured = (target: ServiceTarget) => factory(settingsOf(environment(target)));
	const cases = contractCases({ ...protocol, create: protocol.create ?? configured });
	return only === undefined ? cases : cases.filter(({ name }) => only.test(name));
}

/** What a provider is given, also where the settings would refuse it. */
function settingsOf(environment: Readonly<Record<string, string>>): ProviderSettings {
	const credentials: Record<string, SecretValue> = {};
	const variables: Record<string, string> = {};
	let baseUrl: string | undefined;
	for (const [name, value] of Object.entries(environment)) {
		const kind = ENVIRONMENT.find((variable) => variable.name === name)?.kind;
		if (kind === "secret") credentials[name] = new Secret(value);
		else if (kind === "text") variables[name] = value;
		else baseUrl = value;
	}
	return { credentials, variables, ...(baseUrl === undefined ? {} : { baseUrl }) };
}
