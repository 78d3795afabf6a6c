const FONT = 'font-family="system-ui, sans-serif"';
const INK = "#1f2328";
const FAINT = "#d0d7de";
const SOFT = "#59636e";
const WIDTH = 760;

/** One bar of a group. */
export interface Bar {
	readonly name: string;
	readonly value: number;
}

/** Bars that belong together. */
export interface BarGroup {
	readonly label: string;
	readonly bars: readonly Bar[];
}

/** A chart of lying bars. */
export interface BarChart {
	readonly title: string;
	/** Stands behind each value. */
	readonly unit: string;
	readonly groups: readonly BarGroup[];
	readonly colours: Readonly<Record<string, string>>;
}

/** A line, or points that no line joins. */
export interface Series {
	readonly name: string;
	readonly colour: string;
	readonly points: readonly (readonly [x: number, y: number])[];
	readonly isLine: boolean;
}

/** A chart with a logarithmic axis below and a linear one on the left. */
export interface LineChart {
	readonly title: string;
	readonly below: string;
	readonly left: string;
	/** Where the lower axis has its marks. */
	readonly marks: readonly number[];
	readonly series: readonly Series[];
}

/** Draws bars. All share one linear scale from zero, so that their lengths may be compared. */
export function drawBars({ title, unit, groups, colours }: BarChart): string {
	const [left, right, barHeight, groupGap] = [240, 110, 18, 16];
	const largest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)), Number.MIN_VALUE);
	const parts: string[] = [];
	let y = 84;
	for (const { label, bars } of groups) {
		const middle = y + (bars.length * barHeight) / 2;
		parts.push(text(left - 12, middle + 4, label, { anchor: "end" }));
		for (const { name, value } of bars) {
			const width = Math.max(1, ((WIDTH - left - right) * value) / largest);
			const shape = `x="${left}" y="${y + 2}" width="${round(width)}" height="${barHeight - 4}" rx="2"`;
			parts.push(`<rect ${shape} fill="${colours[name] ?? SOFT}"><title>${escapeText(name)}</title></rect>`);
			parts.push(text(left + width + 6, y + barHeight - 5, `${value} ${unit}`.trim(), { size: 12 }));
			y += barHeight;
		}
		y += groupGap;
	}
	return frame(title, y + 4, [...legend(Object.entries(colours), false), ...parts]);
}

/** Draws lines and points. */
export function drawLines({ title, below, left: leftWords, marks, series }: LineChart): string {
	const [left, top, width, height] = [70, 90, WIDTH - 100, 260];
	const xs = series.flatMap(({ points }) => points.map(([x]) => x)).concat(marks);
	const largest = Math.max(...series.flatMap(({ points }) => points.map(([, y]) => y)));
	const step = niceStep(largest / 5);
	const highest = Math.ceil(largest / step) * step;
	const [first, last] = [Math.log(Math.min(...xs)), Math.log(Math.max(...xs))];
	const toX = (x: number) => round(left + (width * (Math.log(x) - first)) / (last - first));
	const toY = (y: number) => round(top + height - (height * y) / highest);
	const parts: string[] = [];
	for (let value = 0; value <= highest + step / 2; value += step) {
		const y = toY(value);
		parts.push(`<line x1="${left}" y1="${y}" x2="${left + width}" y2="${y}" stroke="${FAINT}"/>`);
		parts.push(text(left - 8, y + 4, String(round(value)), { anchor: "end", size: 12 }));
	}
	for (const mark of marks)
		parts.push(text(toX(mark), top + height + 18, String(mark), { anchor: "middle", size: 12 }));
	parts.push(text(left + width / 2, top + height + 38, below, { anchor: "middle", size: 12, colour: SOFT }));
	parts.push(text(left - 56, top - 14, leftWords, { size: 12, colour: SOFT }));
	for (const { colour, isLine, name, points } of series) {
		const places = points.map(([x, y]) => `${toX(x)},${toY(y)}`);
		if (isLine) parts.push(`<polyline points="${places.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`);
		for (const [x, y] of points) {
			const dot = `cx="${toX(x)}" cy="${toY(y)}" r="${isLine ? 3 : 6}" fill="${colour}"`;
			parts.push(`<circle ${dot}><title>${escapeText(`${name}: ${x}, ${y}`)}</title></circle>`);
		}
	}
	const names = series.map(({ colour, name }) => [name, colour] as const);
	return frame(title, top + height + 54, [...legend(names, true), ...parts]);
}

function legend(names: readonly (readonly [name: string, colour: string])[], isRound: boolean): string[] {
	let x = 20;
	return names.flatMap(([name, colour]) => {
		const shape = `x="${x}" y="46" width="12" height="12" rx="${isRound ? 6 : 2}"`;
		const parts = [`<rect ${shape} fill="${colour}"/>`, text(x + 18, 57, name, { size: 12 })];
		x += 40 + name.length * 7;
		return parts;
	});
}

function frame(title: string, height: number, parts: readonly string[]): string {
	const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" ${FONT}>`,
		`<title>${escapeText(title)}</title>`,
		`<rect width="${WIDTH}" height="${height}" rx="6" fill="#ffffff"/>`,
		text(20, 30, title, { size: 16, weight: 600 }),
		...parts,
		"</svg>\n",
	].join("\n");
}

interface TextStyle {
	readonly anchor?: "middle" | "end";
	readonly size?: number;
	readonly weight?: number;
	readonly colour?: string;
}

function text(x: number, y: number, words: string, style: TextStyle): string {
	const { anchor = "start", size = 13, weight = 400, colour = INK } = style;
	const place = `x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"`;
	return `<text ${place} font-size="${size}" font-weight="${weight}" fill="${colour}">${escapeText(words)}</text>`;
}

/** 1, 2 or 5 with zeros: the smallest that is not below. */
function niceStep(step: number): number {
	const power = 10 ** Math.floor(Math.log10(step));
	return ([1, 2, 5].find((digit) => digit * power >= step) ?? 10) * power;
}

function escapeText(words: string): string {
	return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}
