// The studio provider with what the environment says. The command line takes it up like this:
// REELAY_PROVIDERS=./examples/studio-from-environment.ts reelay generate "A red kite" --model studio:any
import { createStudioProvider } from "./http-provider.ts";

export const provider = createStudioProvider({
	baseUrl: process.env["STUDIO_BASE_URL"] ?? "",
	apiKey: process.env["STUDIO_API_KEY"] ?? "",
});
