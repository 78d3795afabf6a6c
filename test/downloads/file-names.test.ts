import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	isReservedName,
	isTemplate,
	type NamingValues,
	numberedName,
	renderName,
} from "../../src/downloads/file-name.ts";
import { InputError } from "../../src/errors/index.ts";

const VALUES: NamingValues = {
	jobId: "01jd-abc",
	model: "google:veo-4.0/fast",
	prompt: "A red kite, over the sea at dawn!",
	createdAtMs: Date.UTC(2026, 10, 21, 23, 59),
	index: 7,
};

/** What some file system, shell or person takes for something else. */
const HOSTILE_PROMPTS: readonly string[] = [
	"",
	" ",
	".",
	"..",
	"../../etc/passwd",
	"..\\..\\windows\\system32",
	"/etc/passwd",
	"C:\\autoexec.bat",
	"\\\\server\\share\\x",
	"~",
	"~root/.ssh/id",
	"-rf",
	"--output=/etc/passwd",
	"$(reboot)",
	"`reboot`",
	"a;b|c&d>e<f",
	"a\0b",
	"a\nb\rc\td",
	"a\u202egpj.exe",
	"a\u200bb\u2060c\ufeff",
	"\ud800",
	"\udfff tail",
	"con",
	"CON",
	"con.mp4",
	"prn",
	"AUX",
	"nul",
	"nul .txt",
	"com1",
	"COM¹",
	"lpt³",
	"CLOCK$",
	"CONIN$",
	"name.",
	"name ",
	"name...",
	"a:b:c",
	"file.mp4:stream",
	'a*b?c"d',
	"ＣＯＮ",
	"ﬁlm",
	"e\u0301te\u0301",
	"日本の海",
	"🪁🌊",
	"مرحبا",
	"x".repeat(5_000),
	"é".repeat(5_000),
	"🪁".repeat(5_000),
	"{id}",
	"{prompt}{prompt}",
	"%2e%2e%2f",
	"a%00b",
	".htaccess",
	".reelay-000000000000000000000000.part",
	"desktop.ini",
	"a/b",
	"$&$1$`",
];

/** Whether Linux, macOS and Windows all take a name, in every shell, for a file like any other. */
function isHarmless(name: string): boolean {
	const isReserved = /^(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$|clock\$)(?:\.|$)/i.test(name);
	return /^[a-z0-9_][a-z0-9._-]*\.mp4$/.test(name) && !isReserved && Buffer.byteLength(name) <= 200;
}

describe("a name from a template", () => {
	it.each([
		["{id}", "01jd-abc.mp4"],
		["{date}-{index}", "2026-11-21-7.mp4"],
		["{model}", "google-veo-4.0-fast.mp4"],
		["{prompt}", "a-red-kite-over-the-sea-at-dawn.mp4"],
		["{prompt}.mp4", "a-red-kite-over-the-sea-at-dawn.mp4"],
		["{id}.MOV", "01jd-abc.MOV"],
		["{id}.avi", "01jd-abc.avi.mp4"],
		["kite {index} of 9", "kite 7 of 9.mp4"],
		["a:b?{id}*", "a-b-01jd-abc-.mp4"],
	])("%s is %s", (template, name) => {
		expect(renderName(template, VALUES, "mp4")).toBe(name);
	});

	it("outside a batch has the index 1", () => {
		const { index: _index, ...values } = VALUES;
		expect(renderName("{index}", values, "webm")).toBe("1.webm");
	});

	it.each(HOSTILE_PROMPTS.map((prompt) => [JSON.stringify(prompt).slice(0, 60), prompt] as const))(
		"is harmless on every system, whatever the prompt: %s",
		(_shown, prompt) => {
			expect(renderName("{prompt}", { ...VALUES, prompt }, "mp4")).toSatisfy(isHarmless);
			expect(renderName("{prompt}", { ...VALUES, jobId: prompt, model: prompt, prompt }, "mp4")).toSatisfy(isHarmless);
		},
	);

	it("is harmless whatever the values", () => {
		const anything = fc.string({ unit: "binary", maxLength: 300 });
		fc.assert(
			fc.property(anything, anything, anything, (prompt, model, jobId) => {
				const values = { ...VALUES, prompt, model, jobId };
				expect(renderName("{id}-{model}-{prompt}", values, "mp4")).toSatisfy(isHarmless);
				expect(renderName("{prompt}", values, "mp4")).toSatisfy(isHarmless);
			}),
			{ numRuns: 2_000 },
		);
	});

	it("never leads out of its folder, whatever is written around the placeholders", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
				const name = renderName(`${text.replaceAll(/[{}]/g, "")}{id}`, VALUES, "mp4");
				expect(name).not.toMatch(/[/\\\0]/);
				expect(name).not.toMatch(/^\.{1,2}$/);
				expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
				expect(Buffer.from(name).toString()).toBe(name);
			}),
		);
	});

	it("with a placeholder that does not exist is refused, with those that do", () => {
		expect(() => isTemplate("{seed}.mp4")).toThrow(InputError);
		expect(() => isTemplate("{seed}.mp4")).toThrow(/\{seed\} is not a placeholder; use \{id\}, \{model\}/);
		expect(() => isTemplate("{constructor}.mp4")).toThrow(InputError);
	});
});

describe("a name with a number", () => {
	it.each([
		["kite.mp4", 2, "kite-2.mp4"],
		["kite", 3, "kite-3"],
		["kite.tar.mp4", 10, "kite.tar-10.mp4"],
		["Shot 3. A red kite over the sea", 2, "Shot 3. A red kite over the sea-2"],
	])("puts it before the extension: %s, %i", (name, number, expected) => {
		expect(numberedName(name, number)).toBe(expected);
	});

	it("stays short enough, in whole characters", () => {
		const name = numberedName(`${"🪁".repeat(100)}.mp4`, 9_999);
		expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
		expect(name).toMatch(/^(?:🪁)+-9999\.mp4$/u);
	});

	// What follows the last dot once counted as the extension: longer than a whole name may be, it was shortened for ever.
	it.each([
		`v1.${"b".repeat(198)}`,
		`v1.${"b".repeat(230)}`,
		`кадр.${"я".repeat(118)}`,
		`${"к".repeat(100)}.${"я".repeat(7)}`,
	])("stays short enough when a sentence follows the last dot: %s", (name) => {
		const numbered = numberedName(name, 2);
		expect(Buffer.byteLength(numbered)).toBeLessThanOrEqual(200);
		expect(numbered).toMatch(/^(?:v1\.b+|кадр.*|к+)-2(?:\.я+)?$/);
	});

	it("is cut in bounded time", () => {
		const begun = performance.now();
		expect(renderName(`${"a".repeat(200_000)}{id}.mp4`, VALUES, "mp4")).toMatch(/^a+\.mp4$/);
		expect(performance.now() - begun).toBeLessThan(1_000);
	});
});

describe("a device of Windows", () => {
	it.each(["CON", "con.mp4", "nul.tar.gz", "COM1.mp4", "com¹", "LPT9", "aux .txt", "CONIN$", "clock$"])(
		"is known: %s",
		(name) => {
			expect(isReservedName(name)).toBe(true);
		},
	);

	it.each(["conan.mp4", "console", "com.mp4", "com10.mp4", "lpt.mp4", "auxiliary", "nulls.mp4"])(
		"is not seen in %s",
		(name) => {
			expect(isReservedName(name)).toBe(false);
		},
	);
});
