/** A plugin of typedoc: calls each module what people import it by. */
import { type Application, Converter } from "typedoc";

const FILE_OF_MODULE = /^(?:src|providers)(?:\/|$)/;

/** Called by typedoc. */
export function load(application: Application): void {
	application.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
		for (const module of project.children ?? []) {
			if (FILE_OF_MODULE.test(module.name)) module.name = importName(module.name);
		}
	});
}

/** "src" → "reelay", "src/testing" → "reelay/testing", "providers/fal" → "reelay/providers/fal". */
function importName(folder: string): string {
	return `reelay/${folder}`.replace(/^reelay\/src/, "reelay");
}
