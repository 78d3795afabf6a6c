import type { VideoProvider } from "./video-provider.ts";

/** A value that must not be seen. Printing, logging or serialising it shows `[secret]`. */
export interface SecretValue {
	/** The value itself. Call it where the request is built, and keep the answer nowhere. */
	reveal(): string;
}

/** What the environment says about one provider. */
export interface ProviderSettings {
	/** Keys by the name of their variable, for example `GEMINI_API_KEY`. */
	readonly credentials: Readonly<Record<string, SecretValue>>;
	/** Settings that are not secret, by the name of their variable. */
	readonly variables: Readonly<Record<string, string>>;
	/** The user's own base URL, from `<PROVIDER>_BASE_URL`. It is trusted as given. */
	readonly baseUrl?: string;
}

/** Makes a provider from what the environment says. Each built-in provider exports one. */
export type ProviderFactory = (settings: ProviderSettings) => VideoProvider;
