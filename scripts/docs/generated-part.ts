/**
 * A page with one of its parts made anew; the words around it stay. The part begins with the comment that names
 * it, and ends with `<!-- end -->`. Throws when the page has no place for it.
 */
export function withPart(page: string, name: string, lines: readonly string[]): string {
	const begin = `<!-- ${name}: made by "npm run docs" -->\n`;
	const [before, rest = ""] = page.split(begin);
	const end = rest.indexOf("<!-- end -->");
	if (end === -1) throw new Error(`the page has no place for the part "${name}"`);
	return [before, begin, ...lines.map((line) => `${line}\n`), rest.slice(end)].join("");
}
