import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/cli/batch-csv.ts";
import { type BatchFormat, readBatch } from "../../src/cli/batch-input.ts";
import { placed, placeOf } from "../../src/cli/batch-place.ts";
import { temporaryFolder } from "../support/service.ts";

async function read(name: string, content: string | Uint8Array, format?: BatchFormat) {
	const file = join(await temporaryFolder(), name);
	await writeFile(file, content);
	return readBatch(file, format, {});
}

describe("a CSV file", () => {
	it.each([
		[
			"plain cells",
			"a,b\n1,2\n",
			[
				["a", "b"],
				["1", "2"],
			],
		],
		[
			"no line break at its end",
			"a,b\n1,2",
			[
				["a", "b"],
				["1", "2"],
			],
		],
		["CRLF and CR", "a\r\nb\rc", [["a"], ["b"], ["c"]]],
		["quotes, commas and line breaks in quotes", '"a ""b""","c,d","e\r\nf"', [['a "b"', "c,d", "e\r\nf"]]],
		[
			"empty cells",
			",\n,x,\n",
			[
				["", ""],
				["", "x", ""],
			],
		],
		["an empty cell in quotes at its end", 'a,""', [["a", ""]]],
		["a comma at its end", "a,", [["a", ""]]],
		["empty lines", "\n\na\n\n\nb\n", [["a"], ["b"]]],
		["spaces, which belong to the cell", " a , b", [[" a ", " b"]]],
		["nothing", "", []],
	])("may have %s", (_what, text, cells) => {
		const { records, problems } = parseCsv(text);
		expect(records.map((record) => record.cells)).toEqual(cells);
		expect(problems).toEqual([]);
	});

	it("tells where records begin, also behind line breaks in cells", () => {
		expect(parseCsv('a\n"b\nc"\r\n\r\nd').records.map(({ line }) => line)).toEqual([1, 2, 5]);
	});

	it("is read on behind what is wrong", () => {
		const { records, problems } = parseCsv('a,b\nx"y,1\n"c"d,2\ne,3\n"open\nf,4\n');
		expect(records.map(({ cells }) => cells)).toEqual([
			["a", "b"],
			["e", "3"],
			["f", "4"],
		]);
		expect(problems).toEqual([
			{ line: 2, message: "a quote stands inside a cell without quotes; put the cell in quotes, and double it" },
			{ line: 3, message: "something follows the quote that ends a cell; double the quotes inside the cell" },
			{ line: 5, message: "a quote is opened and never closed" },
		]);
	});

	it("is read in linear time, however long its cells are", () => {
		const cell = `"${'""x,\n'.repeat(400_000)}"`;
		const startedAt = performance.now();
		expect(parseCsv(`prompt,seed\n${cell},1\n`).records[1]?.cells[0]).toHaveLength(1_600_000);
		expect(performance.now() - startedAt).toBeLessThan(5_000);
	});
});

describe("the items of a file", () => {
	it("have the same keys in every format, whatever the order of their fields and their empty ones", async () => {
		const json = { prompt: "Red, kite", seed: 0, generateAudio: false, fallbacks: ["a:b", "c:d"], model: null };
		const fromJson = await read("a.jsonl", `\ufeff${JSON.stringify(json)}\r\n`);
		const fromCsv = await read("a.csv", 'fallbacks,seed,generateAudio,fps,prompt\n"a:b, c:d",0,FALSE,,"Red, kite"\n');
		expect(fromCsv.items).toEqual([{ ...fromJson.items[0], line: 2 }]);
		expect(fromJson.items).toEqual([
			{
				index: 1,
				line: 1,
				key: expect.stringMatching(/^[0-9a-f]{24}-1$/),
				request: { prompt: "Red, kite", seed: 0, generateAudio: false },
				options: { fallbacks: ["a:b", "c:d"] },
			},
		]);
		expect([...fromJson.problems, ...fromCsv.problems]).toEqual([]);
	});

	it("have keys of their own, also when they ask for the same", async () => {
		const { items } = await read("a.txt", "x\ny\nx\n");
		expect(new Set(items.map(({ key }) => key)).size).toBe(3);
		expect(items[2]?.key).toBe(items[0]?.key.replace(/1$/, "2"));
	});

	it("stay the same when only the file's place or the wait changes, and not when the model does", async () => {
		const lines = [{}, { output: "b.mp4" }, { timeoutMs: 5 }, { model: "a:b" }, { seed: 1 }];
		const keys = lines.map(async (fields) => {
			const { items } = await read("a.jsonl", JSON.stringify({ prompt: "x", ...fields }));
			return items[0]?.key;
		});
		const [plain, ...others] = await Promise.all(keys);
		expect(others.map((key) => key === plain)).toEqual([true, true, false, false]);
	});

	it("take the options of the command line unless they have their own", async () => {
		const file = join(await temporaryFolder(), "a.jsonl");
		await writeFile(file, '{"prompt":"x"}\n{"prompt":"x","model":"own:one","overwrite":false}');
		const { items } = await readBatch(file, undefined, { model: "a:b", overwrite: true, maxCostUsd: undefined });
		expect(items.map(({ options }) => options)).toEqual([
			{ model: "a:b", overwrite: true },
			{ model: "own:one", overwrite: false },
		]);
	});

	it("are prompts in a text file, without comments and empty lines", async () => {
		const { items } = await read("a.txt", "# list\r\n\r\n  Red kite \r\n # no\r\nSea #1");
		expect(items.map(({ line, request }) => [line, request.prompt])).toEqual([
			[3, "Red kite"],
			[5, "Sea #1"],
		]);
	});

	it("keep what is no number, for the service to refuse in its own words", async () => {
		const rows = 'prompt,seed,fps,generateAudio,references,providerOptions\nx,ten, 5 ,yes,"[1","{"\n';
		expect((await read("a.csv", rows)).items[0]?.request).toEqual({
			prompt: "x",
			seed: "ten",
			fps: 5,
			generateAudio: "yes",
			references: "[1",
			providerOptions: "{",
		});
		const good = 'prompt,references,providerOptions\nx,"[""a,b.png""]","{""local"":{""caption"":false}}"\n';
		expect((await read("a.csv", good)).items[0]?.request).toEqual({
			prompt: "x",
			references: ["a,b.png"],
			providerOptions: { local: { caption: false } },
		});
	});

	it.each([
		["an unknown column", "prompt,sede\nx,1\n", 0, [[1, 'sede: there is no such field. Did you mean "seed"?']]],
		["a column twice", "prompt,seed,seed\nx,1,2\n", 0, [[1, "seed: stands in the header twice"]]],
		["a cell too many", "prompt\nx\ny,1\n", 1, [[3, "has 2 cells, and the header has 1"]]],
	])("are not read past %s", async (_what, text, count, problems) => {
		const input = await read("a.csv", text);
		expect(input.items).toHaveLength(count);
		expect(input.problems.map(({ line, message }) => [line, message])).toEqual(problems);
	});

	it("may be named by their format where the file is not", async () => {
		expect((await read("list", "x\n", "txt")).items).toHaveLength(1);
		await expect(read("list.doc", "x\n")).rejects.toThrow(
			/^file: ".*list.doc" ends in none of \.jsonl, \.csv and \.txt/,
		);
		await expect(read("list.txt", Buffer.from([0x61, 0xff]))).rejects.toThrow(/^file: is no UTF-8 text/);
		await expect(readBatch("missing.txt", undefined, {})).rejects.toThrow(/^file: "missing.txt" does not exist/);
	});
});

describe("the place of a batch", () => {
	it("is a folder, or a name in one; an item's own output is looked for from there", async () => {
		const folder = await temporaryFolder();
		const { items } = await read(
			"a.jsonl",
			'{"prompt":"x"}\n{"prompt":"y","output":"sub/{index}.mp4"}\n{"prompt":"z","output":"sub/"}',
		);
		const outputs = async (output: string) => {
			const place = await placeOf(output);
			return items.map((item) => placed(item, place).options.output);
		};
		expect(await outputs(folder)).toEqual([`${folder}/`, `${folder}/sub/2.mp4`, `${folder}/sub/`]);
		expect(await outputs(`${folder}/`)).toEqual(await outputs(folder));
		expect(await outputs(join(folder, "{index}-{prompt}"))).toEqual([
			`${folder}/1-{prompt}`,
			`${folder}/sub/2.mp4`,
			`${folder}/sub/`,
		]);
		await expect(placeOf(join(folder, "no/a.mp4"))).rejects.toThrow(/^output: the folder ".*no" does not exist/);
	});
});
