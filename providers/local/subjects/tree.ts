import { rgb } from "../art/color.ts";
import { paintLeafyTree } from "../art/trees.ts";
import { footing, type SubjectBuilder } from "./subject.ts";

const LEAVES = { dawn: "#5f8f4a", day: "#4f9a45", dusk: "#7a7a3a", night: "#3f6a4a" } as const;

/** One great tree whose crown stirs in the wind. */
export const buildTree: SubjectBuilder = (stage, { scene, color, index }) => {
	const { width, unit, palette, wind } = stage;
	const place = footing(stage, scene);
	const towards = scene.luminary.x > width / 2 ? 1 : -1;
	const leaf = palette.lit(color ?? rgb(LEAVES[palette.time]));
	const tree = paintLeafyTree(
		stage.random.fork(`tree ${index}`),
		unit * 46 * place.scale,
		{
			leaf,
			light: [
				leaf[0] + (palette.light[0] - leaf[0]) * 0.45 * palette.lightStrength,
				leaf[1] + (palette.light[1] - leaf[1]) * 0.45 * palette.lightStrength,
				leaf[2] + (palette.light[2] - leaf[2]) * 0.25 * palette.lightStrength,
			],
			trunk: palette.lit(rgb("#4a3428")),
		},
		towards,
	);
	const x = width * (0.5 - towards * (0.2 - 0.3 * index));
	return [
		{
			depth: place.depth,
			paint: (context, { seconds }) => {
				context.translate(x, place.y + unit);
				context.transform(1, 0, 0.012 * (0.5 + wind) * Math.sin(seconds * 0.9), 1, 0, 0);
				context.drawImage(tree, -tree.width / 2, -tree.height);
			},
		},
	];
};
