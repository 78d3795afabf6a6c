/** The environment, parsed once into settings. */
export { ENVIRONMENT, type EnvironmentVariable } from "./environment.ts";
export { didYouMean } from "./nearest.ts";
export type { LogLevel } from "./parse-value.ts";
export {
	type ChainSettings,
	defaultOutputDirectory,
	type Environment,
	finishedVideosDirectory,
	healthPath,
	inspectEnvironment,
	type LimitSettings,
	ledgerPath,
	misspelledVariables,
	processEnvironment,
	readSettings,
	type Settings,
	type VariableState,
} from "./settings.ts";
