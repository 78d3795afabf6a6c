import { withDecisions } from "./decision-list.ts";
import { environmentPage } from "./environment-page.ts";
import { withResilienceTables } from "./resilience-tables.ts";

/** The pages that are made from code, or have parts that are, each from what it is now. */
export const GENERATED_PAGES: Readonly<Record<string, (page: string) => string>> = {
	"docs/README.md": withDecisions,
	"docs/environment.md": environmentPage,
	"docs/fallback-and-resilience.md": withResilienceTables,
};
