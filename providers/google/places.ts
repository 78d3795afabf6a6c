import {
	ConfigurationError,
	InputError,
	ModelRetiredError,
	type ProviderCheck,
	type ProviderSettings,
	type SecretValue,
} from "../../src/provider-kit/index.ts";
import { isVeo, OMNI, type Reach, VEO_LEFT_GEMINI_ON } from "./models.ts";
import { type SignIn, signInWithAccount, signInWithKey } from "./sign-in.ts";
import { LOCATION, MODEL_ID, PROJECT } from "./wire.ts";

/** One address of Google's, with who calls there. */
export interface Place {
	readonly reach: Reach;
	/** Up to the version, without it. */
	readonly base: string;
	readonly version: string;
	/** Where objects of Cloud Storage are fetched. */
	readonly storage: string;
	readonly signIn: SignIn;
	/** On Vertex, without a key for its express mode. */
	readonly project?: string;
	/** On Vertex, beside the project. */
	readonly location?: string;
}

/** What the settings lead to. */
export interface Places {
	/** The key, or else the project, that tells accounts apart. */
	readonly account: SecretValue | undefined;
	/** What would be used, or is missing. */
	readonly check: ProviderCheck;
	/** How a model would be reached; `undefined` when it cannot. */
	reachOf(model: string): Reach | undefined;
	/** Where a model is asked for. Throws `InputError`, `ModelRetiredError` or `ConfigurationError` when nowhere. */
	forModel(model: string): Place;
	/** Where a handle leads. Throws `ConfigurationError` when that is not configured any more. */
	forHandle(via: Reach, where?: { readonly project: string; readonly location: string }): Place;
}

/** Omni speaks the newer one, Veo the older one. */
type Protocol = "interaction" | "prediction";

const GEMINI_URL = "https://generativelanguage.googleapis.com";
const STORAGE_URL = "https://storage.googleapis.com";
const VERSION = /\/(v\d+(?:alpha|beta)?\d*)\/?$/;
const NOTHING_SET =
	"GEMINI_API_KEY is not set; create a key at aistudio.google.com/apikey, or set GOOGLE_CLOUD_PROJECT for Vertex";
/** The locations that stand for more than one region have hosts of their own kind. */
const MULTI_REGIONS: ReadonlySet<string> = new Set(["us", "eu"]);

/**
 * Chooses among Google's services: a Gemini key with a base URL is a gateway, which then serves everything;
 * otherwise Omni goes to the Gemini API where there is a key, and Veo to Vertex, as does everything without one.
 */
export function createPlaces({ credentials, variables, baseUrl }: ProviderSettings): Places {
	const geminiKey = credentials["GEMINI_API_KEY"];
	const vertexKey = credentials["GOOGLE_VERTEX_API_KEY"];
	const project = variables["GOOGLE_CLOUD_PROJECT"];
	const own = baseUrl === undefined ? undefined : splitVersion(baseUrl);
	const geminiSignIn = geminiKey === undefined ? undefined : signInWithKey(geminiKey);
	const vertexSignIn =
		vertexKey !== undefined ? signInWithKey(vertexKey) : project !== undefined ? signInWithAccount() : undefined;

	const reachOf = (model: string): Reach | undefined => {
		if (geminiSignIn !== undefined && own !== undefined) return "gateway";
		if (geminiSignIn !== undefined && !isVeo(model)) return "gemini";
		return vertexSignIn === undefined ? undefined : "vertex";
	};
	const gemini = (protocol: Protocol, signIn: SignIn): Place => {
		// Veo never left the version that it came with. An address may end in another.
		const version = own?.version ?? (protocol === "prediction" ? "v1beta" : "v1");
		if (own === undefined) return { reach: "gemini", base: GEMINI_URL, version, storage: STORAGE_URL, signIn };
		return { reach: "gateway", base: own.base, version, storage: own.base, signIn };
	};
	const vertex = (signIn: SignIn, where: { readonly project?: string; readonly location: string }): Place => {
		const address = geminiSignIn === undefined ? own : undefined;
		const base = address?.base ?? `https://${hostOf(where.project === undefined ? "global" : where.location)}`;
		const version = address?.version ?? "v1beta1";
		const shared = { reach: "vertex", base, version, storage: address?.base ?? STORAGE_URL, signIn } as const;
		return where.project === undefined ? shared : { ...shared, project: where.project, location: where.location };
	};

	return {
		account: geminiKey ?? vertexKey ?? (project === undefined ? undefined : { reveal: () => project }),
		check: describe({ geminiKey, vertexKey, project, own }),
		reachOf,
		forModel(model) {
			if (!MODEL_ID.test(model)) {
				throw new InputError("model", `"${model}" is not an id of Google's; write it as "gemini-omni-1.2-flash"`);
			}
			const reach = reachOf(model);
			if (reach === "vertex" && vertexSignIn !== undefined) {
				// Veo is served by regions, Omni from anywhere.
				const location = variables["GOOGLE_CLOUD_LOCATION"] ?? (isVeo(model) ? "us-central1" : "global");
				checkPlace(project, location);
				return vertex(vertexSignIn, project === undefined ? { location } : { project, location });
			}
			if (geminiSignIn === undefined) throw new ConfigurationError(NOTHING_SET);
			if (reach !== undefined) return gemini(isVeo(model) ? "prediction" : "interaction", geminiSignIn);
			throw new ModelRetiredError(
				`model: Veo left the Gemini API on ${VEO_LEFT_GEMINI_ON}, so that GEMINI_API_KEY does not reach ${model}; ` +
					`use ${OMNI}, or set GOOGLE_CLOUD_PROJECT to reach Veo on Vertex`,
				{ phase: "input", replacement: OMNI },
			);
		},
		forHandle(via, where) {
			if (via === "vertex") {
				if (vertexSignIn !== undefined) return vertex(vertexSignIn, where ?? { location: "global" });
				throw new ConfigurationError("the job is on Vertex; set GOOGLE_CLOUD_PROJECT or GOOGLE_VERTEX_API_KEY again");
			}
			if (geminiSignIn === undefined) {
				throw new ConfigurationError("the job was made with a key of the Gemini API; set GEMINI_API_KEY again");
			}
			if (via === "gateway" && own === undefined) {
				throw new ConfigurationError("the job is at a gateway; set GOOGLE_BASE_URL to its address again");
			}
			return gemini(via === "gateway" ? "prediction" : "interaction", geminiSignIn);
		},
	};
}

function splitVersion(url: string): { readonly base: string; readonly version: string | undefined } {
	return { base: url.replace(VERSION, "").replace(/\/+$/, ""), version: VERSION.exec(url)?.[1] };
}

function hostOf(location: string): string {
	if (location === "global") return "aiplatform.googleapis.com";
	if (MULTI_REGIONS.has(location)) return `aiplatform.${location}.rep.googleapis.com`;
	return `${location}-aiplatform.googleapis.com`;
}

/** The location becomes a part of the host that sees the credential. */
function checkPlace(project: string | undefined, location: string): void {
	if (project !== undefined && !PROJECT.test(project)) {
		throw new ConfigurationError(
			`GOOGLE_CLOUD_PROJECT: "${project}" is not the id of a project; copy it from the console`,
		);
	}
	if (!LOCATION.test(location)) {
		throw new ConfigurationError(
			`GOOGLE_CLOUD_LOCATION: "${location}" is not a location; write one such as us-central1`,
		);
	}
}

function describe(set: {
	readonly geminiKey: SecretValue | undefined;
	readonly vertexKey: SecretValue | undefined;
	readonly project: string | undefined;
	readonly own: { readonly base: string } | undefined;
}): ProviderCheck {
	const { geminiKey, vertexKey, project, own } = set;
	if (geminiKey !== undefined && own !== undefined) {
		return { usable: true, detail: `GEMINI_API_KEY is set; requests go to ${own.base}` };
	}
	const parts = [
		...(geminiKey === undefined ? [] : ["GEMINI_API_KEY is set: Omni by the Gemini API"]),
		...(vertexKey === undefined && project === undefined
			? []
			: [`${vertexKey === undefined ? "GOOGLE_CLOUD_PROJECT" : "GOOGLE_VERTEX_API_KEY"} is set: Veo on Vertex`]),
	];
	return parts.length === 0 ? { usable: false, detail: NOTHING_SET } : { usable: true, detail: parts.join("; ") };
}
