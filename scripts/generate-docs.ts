/** Writes the pages that are made from code. `npm test` fails while they are not current. */
import { writeFileSync } from "node:fs";
import { environmentPage } from "./docs/environment-page.ts";

writeFileSync("docs/environment.md", environmentPage());
