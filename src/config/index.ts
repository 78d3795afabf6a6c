/** The environment, parsed once into settings. */
export { ENVIRONMENT, type EnvironmentVariable } from "./environment.ts";
export { misspelledVariables } from "./misspelled-variables.ts";
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
	processEnvironment,
	readSettings,
	type Settings,
	type VariableState,
} from "./settings.ts";
