import type { SubjectName } from "../prompt/vocabulary.ts";
import { buildKite } from "./kite.ts";
import type { SubjectBuilder } from "./subject.ts";

/** How each thing is drawn. */
export const SUBJECTS: Readonly<Record<SubjectName, SubjectBuilder>> = {
	kite: buildKite,
	boat: buildKite,
	birds: buildKite,
	balloon: buildKite,
	airplane: buildKite,
	rocket: buildKite,
	lighthouse: buildKite,
	tree: buildKite,
	house: buildKite,
	cat: buildKite,
	dog: buildKite,
	person: buildKite,
	fish: buildKite,
	whale: buildKite,
	train: buildKite,
	windmill: buildKite,
};
