import ipaddr from "ipaddr.js";

/** What a private network in development is made of. */
const PRIVATE_RANGES: ReadonlySet<string> = new Set([
	"loopback",
	"private",
	"uniqueLocal",
	"linkLocal",
	"carrierGradeNat",
]);

/** Addresses at which clouds hand out credentials. They are never opened, not even for development. */
const CLOUD_ADDRESSES: ReadonlySet<string> = new Set(
	[
		"169.254.169.254",
		"169.254.170.2",
		"169.254.170.23",
		"169.254.0.23",
		"100.100.100.200",
		"168.63.129.16",
		"192.0.0.192",
		"fd00:ec2::254",
		"fd00:ec2::23",
		"fd20:ce::254",
	].map((address) => ipaddr.parse(address).toNormalizedString()),
);

/** The only part of IPv6 that is given out for the public internet. */
const PUBLIC_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");
/** Inside it, but for examples in books. */
const DOCUMENTATION_IPV6 = ipaddr.IPv6.parseCIDR("3fff::/20");
/** How a network that speaks IPv6 only writes a public IPv4 address. */
const NAT64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

/**
 * Why nothing must be fetched from an address, as words (`"a loopback address"`); `undefined` when it is
 * public. An address that cannot be read is refused.
 */
export function refuseAddress(text: string, allowPrivateNetwork: boolean): string | undefined {
	const bare = text.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
	if (!ipaddr.isValid(bare)) return "no address";
	const address = withoutTranslation(ipaddr.process(bare));
	if (CLOUD_ADDRESSES.has(address.toNormalizedString())) return "a cloud's metadata address";
	const range = address.range();
	if (allowPrivateNetwork && PRIVATE_RANGES.has(range)) return undefined;
	if (range !== "unicast") return `an address for special use (${range})`;
	if (address instanceof ipaddr.IPv6 && (!address.match(PUBLIC_IPV6) || address.match(DOCUMENTATION_IPV6))) {
		return "an IPv6 address outside the public internet";
	}
	return undefined;
}

/** The IPv4 address in a NAT64 one. Other translations (6to4, Teredo, SIIT) are special ranges and refused as such. */
function withoutTranslation(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
	if (!(address instanceof ipaddr.IPv6) || !address.match(NAT64)) return address;
	return new ipaddr.IPv4(address.toByteArray().slice(12));
}
