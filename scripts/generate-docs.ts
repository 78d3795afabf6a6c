/** Writes the pages, and the tables in pages, that are made from code. `npm test` fails while they are not current. */
import { readFileSync, writeFileSync } from "node:fs";
import { environmentPage } from "./docs/environment-page.ts";
import { withResilienceTables } from "./docs/resilience-tables.ts";

const RESILIENCE_PAGE = "docs/fallback-and-resilience.md";

writeFileSync("docs/environment.md", environmentPage());
writeFileSync(RESILIENCE_PAGE, withResilienceTables(readFileSync(RESILIENCE_PAGE, "utf8")));
