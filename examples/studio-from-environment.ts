// The studio provider with what the environment says. The command line of the repository takes it up like this, after
// "npm run build"; without --dry-run it asks the service that the URL names:
// STUDIO_BASE_URL=https://studio.example STUDIO_API_KEY=secret REELAY_PROVIDERS=./examples/studio-from-environment.ts \
//   npm run reelay -- generate "A red kite" --model studio:any --dry-run
import { createStudioProvider } from "./http-provider.ts";

export const provider = createStudioProvider({
	baseUrl: process.env["STUDIO_BASE_URL"] ?? "",
	apiKey: process.env["STUDIO_API_KEY"] ?? "",
});
