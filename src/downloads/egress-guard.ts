import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { refuseAddress } from "./special-addresses.ts";

/** What may be fetched. */
export interface EgressSettings {
	/**
	 * Opens private networks and plain `http`, for development. Metadata addresses of clouds stay closed.
	 * @default false
	 */
	readonly allowPrivateNetwork?: boolean;
	/** The base URLs that the user configured. Their origins are trusted as given, wherever they lead. */
	readonly trustedOrigins?: readonly string[];
	/**
	 * Resolves host names, as `dns.lookup` does.
	 * @default dns.lookup
	 */
	readonly lookup?: LookupFunction;
}

/** Decides where a URL that we did not configure may lead. */
export interface EgressGuard {
	/** The URL, parsed and allowed as far as its text tells. Throws `EgressRefusal`. */
	parse(url: string, base?: URL): URL;
	/** Checks a host that is an address already, where the connection is made. Throws `EgressRefusal`. */
	checkHost(origin: string, hostname: string): void;
	/** Resolves a host of that origin; fails with `EgressRefusal` when any one of its addresses is forbidden. */
	lookupFor(origin: string): LookupFunction;
}

/** A URL that must not be fetched. Never leaves this folder: callers turn it into the error of their phase. */
export class EgressRefusal extends Error {
	/** Why, in words that go behind "the URL …". */
	readonly reason: string;
	/** What to do about it. */
	readonly advice: string;

	constructor(reason: string, advice: string) {
		super(`${reason}; ${advice}`);
		this.reason = reason;
		this.advice = advice;
	}
}

const FOR_DEVELOPMENT = "for development, REELAY_ALLOW_PRIVATE_NETWORK=1 allows it";

/**
 * Makes the guard that everything passes which fetches a URL from a service or a user. The text of a URL
 * only decides about scheme, port and user info. Whether an address is public is decided on the address
 * that the connection would go to, after the look-up: a name can lead anywhere, and change its mind.
 */
export function createEgressGuard(settings: EgressSettings = {}): EgressGuard {
	const allowPrivateNetwork = settings.allowPrivateNetwork ?? false;
	const trusted = new Set((settings.trustedOrigins ?? []).flatMap((url) => URL.parse(url)?.origin ?? []));
	const resolve = settings.lookup ?? (systemLookup as LookupFunction);

	function checkAddress(origin: string, address: string): void {
		if (trusted.has(origin)) return;
		const problem = refuseAddress(address, allowPrivateNetwork);
		if (problem === undefined) return;
		const advice = refuseAddress(address, true) === undefined ? FOR_DEVELOPMENT : "nothing allows it";
		throw new EgressRefusal(`leads to ${address}, ${problem}, and is not followed`, advice);
	}

	function checkHost(origin: string, hostname: string): void {
		const bare = hostname.replace(/^\[|\]$/g, "");
		if (isIP(bare) !== 0) checkAddress(origin, bare);
	}

	function parse(text: string, base?: URL): URL {
		const url = URL.parse(text, base?.href);
		if (url === null) throw new EgressRefusal("cannot be read", "it must be absolute and start with https://");
		if (url.protocol !== "https:" && url.protocol !== "http:") {
			throw new EgressRefusal(`starts with ${url.protocol}`, "only https: is fetched");
		}
		if (url.username !== "" || url.password !== "") {
			throw new EgressRefusal("holds a user name or a password, and none is sent", "remove it");
		}
		if (!trusted.has(url.origin) && !allowPrivateNetwork) {
			if (url.protocol === "http:") throw new EgressRefusal("is not encrypted", `use https; ${FOR_DEVELOPMENT}`);
			if (url.port !== "") throw new EgressRefusal(`names port ${url.port}, and only 443 is allowed`, FOR_DEVELOPMENT);
		}
		return url;
	}

	function lookupFor(origin: string): LookupFunction {
		return (hostname, options, callback) => {
			resolve(hostname, { ...options, all: true }, (error, found, family) => {
				if (error !== null) return callback(error, "", 0);
				const addresses: LookupAddress[] = Array.isArray(found) ? found : [{ address: found, family: family ?? 4 }];
				const [first] = addresses;
				try {
					if (first === undefined) throw new EgressRefusal("has a host name without any address", "check it");
					for (const { address } of addresses) checkAddress(origin, address);
				} catch (refusal) {
					return callback(refusal as EgressRefusal, "", 0);
				}
				if (options.all === true) callback(null, addresses);
				else callback(null, first.address, first.family);
			});
		};
	}

	return { parse, checkHost, lookupFor };
}
