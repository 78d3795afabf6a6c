/** Writes the pages, and the parts of pages, that are made from code. `npm test` fails while they are not current. */
import { readFileSync, writeFileSync } from "node:fs";
import { GENERATED_PAGES } from "./docs/generated-pages.ts";

for (const [path, make] of Object.entries(GENERATED_PAGES)) writeFileSync(path, make(readFileSync(path, "utf8")));
