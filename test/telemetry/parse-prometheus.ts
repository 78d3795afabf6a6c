/** What a text in Prometheus' format says. */
export interface PrometheusContent {
	/** The samples by their name and labels, as they are written. */
	readonly samples: Readonly<Record<string, number>>;
	/** The labels of each sample, unescaped. */
	readonly labels: readonly Readonly<Record<string, string>>[];
	/** The types of the metrics by name. */
	readonly types: Readonly<Record<string, string>>;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(`^(${NAME})((?:\\{${LABEL}(?:,${LABEL})*\\})?) (-?[0-9.e+-]+)$`);
const COMMENT = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`);

/** Reads the format as strictly as its description has it: any other line is an error. */
export function parsePrometheus(text: string): PrometheusContent {
	if (!text.endsWith("\n")) throw new SyntaxError("the last line has no end");
	const samples: Record<string, number> = {};
	const labels: Record<string, string>[] = [];
	const types: Record<string, string> = {};
	for (const line of text.slice(0, -1).split("\n")) {
		const [, keyword, metric = "", rest = ""] = COMMENT.exec(line) ?? [];
		if (keyword === "TYPE") {
			if (metric in types) throw new SyntaxError(`${metric} has two types`);
			types[metric] = rest;
		}
		if (keyword !== undefined) continue;
		const [, name, labelText = "", value] = SAMPLE.exec(line) ?? [];
		if (name === undefined) throw new SyntaxError(`no sample: ${line}`);
		if (!(name in types) && !(name.replace(/_(?:bucket|sum|count)$/, "") in types)) {
			throw new SyntaxError(`${name} has no type before it`);
		}
		if (`${name}${labelText}` in samples) throw new SyntaxError(`two samples: ${line}`);
		samples[`${name}${labelText}`] = Number(value);
		labels.push(parseLabels(labelText));
	}
	return { samples, labels, types };
}

function parseLabels(text: string): Record<string, string> {
	const pairs = text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g);
	return Object.fromEntries([...pairs].map(([, name = "", value = ""]) => [name, unescaped(value)]));
}

function unescaped(value: string): string {
	return value.replace(/\\(.)/g, (_match, character: string) => (character === "n" ? "\n" : character));
}
