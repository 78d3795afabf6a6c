import { ENVIRONMENT, type EnvironmentVariable } from "../../src/config/index.ts";

/** `docs/environment.md`, made from the table that the code reads. */
export function environmentPage(): string {
	const own = ENVIRONMENT.filter(({ provider }) => provider === undefined);
	const providers = ENVIRONMENT.filter(({ provider }) => provider !== undefined);
	return `# Environment

<!-- Made by "npm run docs" from src/config/environment.ts. -->

Options of the code come first, then these variables, then the defaults. An empty value counts as unset. A
bad value is one error that names the variable and never shows a secret; \`reelay doctor\` lists them all.

| variable | what it does | default |
|---|---|---|
${own.map(row).join("\n")}

## Of providers

A key goes only to its own service. A variable is read even when this version has no such provider; then
\`reelay doctor\` says so.

| variable | what it does | default |
|---|---|---|
${providers.map(row).join("\n")}

## Naming a model

A model reference is \`provider:model\`, for example \`local:animatic\`. Without a prefix, an id with a \`/\`
is Hugging Face's, and \`gemini-*\` and \`veo-*\` are Google's; anything else is an error that
names the providers. \`reelay doctor\` points at names that are a letter or two away from one of these.
`;
}

function row({ name, description, defaultText }: EnvironmentVariable): string {
	return `| \`${name}\` | ${description} | ${defaultText} |`;
}
