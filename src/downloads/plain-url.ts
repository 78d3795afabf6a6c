/** A URL as it may be shown: without user info, query and fragment, which hold keys and signatures. */
export function plainUrl(text: string): string {
	const url = URL.parse(text);
	if (url === null) return "the URL";
	return url.host === "" ? `a ${url.protocol} URL` : `${url.protocol}//${url.host}${url.pathname}`;
}
