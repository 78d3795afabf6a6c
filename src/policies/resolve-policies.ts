import { z } from "zod";
import { ConfigurationError } from "../errors/index.ts";
import { DEFAULT_POLICIES, type PolicySettings } from "./settings.ts";

/** Any part of the policies. What is absent or `undefined` keeps the value that holds otherwise. */
export type PolicyOverrides = {
	readonly [Name in keyof PolicySettings]?:
		| (NonNullable<PolicySettings[Name]> extends object
				? { readonly [Inner in keyof PolicySettings[Name]]?: PolicySettings[Name][Inner] | undefined }
				: PolicySettings[Name])
		| undefined;
};

/** The policies as a user writes them: what differs from the defaults, for all, and by provider and model. */
export interface PolicyOptions extends PolicyOverrides {
	/** What differs for one provider, by its id. */
	readonly providers?: Readonly<Record<string, PolicyOverrides>> | undefined;
	/**
	 * What differs for one model, by its reference (`provider:model`). What is shared by a provider's models
	 * (`maxInFlight`, `submissionsPerMinute`, `maxWaiting`, `retryBudget`, `quarantineMs`) is not read here.
	 */
	readonly models?: Readonly<Record<string, PolicyOverrides>> | undefined;
}

/** Checked policies. They hold for every model that `policiesFor` finds nothing more special for. */
export interface ResolvedPolicies extends PolicySettings {
	/** What differs, by provider id. */
	readonly providers: Readonly<Record<string, PolicyOverrides>>;
	/** What differs, by model reference. */
	readonly models: Readonly<Record<string, PolicyOverrides>>;
}

/** One rule for each setting: a setting without one does not compile. */
function rules() {
	const count = value((given) => Number.isSafeInteger(given) && given >= 0, "a whole number from 0 on, such as 2");
	const milliseconds = value((given) => Number.isFinite(given) && given >= 0, "a time in milliseconds, 0 or more");
	const amount = value((given) => Number.isFinite(given) && given >= 0, "a number from 0 on, such as 0.1");
	const share = value((given) => given >= 0 && given <= 1, "a share from 0 to 1, such as 0.5");
	const flag = z.boolean("true or false").optional();
	return {
		submitRetries: count,
		submitBackoffMs: milliseconds,
		maxBackoffMs: milliseconds,
		submitTimeoutMs: milliseconds,
		lookTimeoutMs: milliseconds,
		minPollMs: milliseconds,
		pollMs: milliseconds,
		maxPollMs: milliseconds,
		notFoundGraceMs: milliseconds,
		waitMs: milliseconds,
		quarantineMs: milliseconds,
		breaker: group({
			failureRatio: share,
			minimumCalls: count,
			windowMs: milliseconds,
			consecutiveFailures: count,
			halfOpenAfterMs: milliseconds,
		}),
		limits: group({
			maxInFlight: count,
			maxInFlightPerModel: count,
			submissionsPerMinute: count,
			submissionsPerMinutePerModel: count,
			maxWaiting: count,
		}),
		retryBudget: group({ tokens: amount, perSuccess: amount }),
		fallbackOn: group({ refusal: flag }),
	} satisfies { readonly [Name in keyof PolicySettings]-?: z.ZodType<PolicyOverrides[Name]> };
}

/** Made when it is first needed, as `import "reelay"` has no time for it. */
const OPTIONS = z.lazy(() => {
	const fields = rules();
	const overrides = group(fields).unwrap();
	return group({
		...fields,
		providers: z.record(z.string(), overrides, "an object by provider id").optional(),
		models: z.record(z.string().regex(/^[a-z][a-z0-9-]*:./), overrides, "an object by model reference").optional(),
	}).unwrap();
});

/**
 * Checks what a user set and fills in the rest.
 *
 * Throws `ConfigurationError` that names the first field at fault.
 */
export function resolvePolicies(options: PolicyOptions = {}): ResolvedPolicies {
	const parsed = OPTIONS.safeParse(options);
	const [issue] = parsed.error?.issues ?? [];
	if (issue !== undefined) throw new ConfigurationError(describe(issue, options));
	const { providers = {}, models = {}, ...own } = parsed.data ?? {};
	return { ...merge(DEFAULT_POLICIES, own), providers, models };
}

/** The policies that hold for one provider, or for one of its models. */
export function policiesFor(policies: ResolvedPolicies, provider: string, model?: string): PolicySettings {
	const ofModel = model === undefined ? undefined : policies.models[`${provider}:${model}`];
	return merge(merge(policies, policies.providers[provider]), ofModel);
}

function merge<Settings extends PolicySettings>(settings: Settings, overrides: PolicyOverrides | undefined): Settings {
	if (overrides === undefined) return settings;
	const { breaker, limits, retryBudget, fallbackOn, ...plain } = overrides;
	return {
		...settings,
		...given(plain),
		breaker: { ...settings.breaker, ...given(breaker) },
		limits: { ...settings.limits, ...given(limits) },
		retryBudget: { ...settings.retryBudget, ...given(retryBudget) },
		fallbackOn: { ...settings.fallbackOn, ...given(fallbackOn) },
	};
}

/** Without the fields that are `undefined`, which would hide what holds otherwise. */
function given<Values extends object>(values: Values | undefined): Defined<Values> {
	return Object.fromEntries(Object.entries(values ?? {}).filter(([, field]) => field !== undefined)) as Defined<Values>;
}

type Defined<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };

function value(isValid: (given: number) => boolean, wanted: string) {
	return z.custom<number>((given) => typeof given === "number" && isValid(given), wanted).optional();
}

function group<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
	const names = Object.keys(shape).join(", ");
	return z
		.strictObject(shape, { error: ({ code }) => (code === "unrecognized_keys" ? names : "an object") })
		.optional();
}

function describe(issue: z.core.$ZodIssue, options: PolicyOptions): string {
	const path = ["policies", ...issue.path].join(".");
	if (issue.code === "unrecognized_keys") {
		return `${path}.${issue.keys[0]}: there is no such policy; use one of ${issue.message}`;
	}
	if (issue.code === "invalid_key") {
		return `${path}: "${String(issue.path.at(-1))}" is no model reference; write provider:model`;
	}
	const found = issue.path.reduce<unknown>((at, name) => (at as Record<PropertyKey, unknown>)[name], options);
	return `${path}: ${show(found)} is not ${issue.message}; change it, or leave it out for the default`;
}

function show(found: unknown): string {
	if (typeof found === "string") return `"${found}"`;
	if (Array.isArray(found)) return "a list";
	return typeof found === "object" && found !== null ? "an object" : String(found);
}
