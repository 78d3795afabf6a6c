import type { SubjectName } from "../prompt/vocabulary.ts";
import { buildAirplane, buildRocket } from "./aircraft.ts";
import { buildBalloon } from "./balloon.ts";
import { buildBirds } from "./birds.ts";
import { buildBoat } from "./boat.ts";
import { buildHouse, buildLighthouse, buildWindmill } from "./buildings.ts";
import { buildKite } from "./kite.ts";
import { buildPerson } from "./person.ts";
import { buildCat, buildDog } from "./pets.ts";
import type { SubjectBuilder } from "./subject.ts";
import { buildFish, buildWhale } from "./swimmers.ts";
import { buildTrain } from "./train.ts";
import { buildTree } from "./tree.ts";

/** How each thing is drawn. */
export const SUBJECTS: Readonly<Record<SubjectName, SubjectBuilder>> = {
	kite: buildKite,
	boat: buildBoat,
	birds: buildBirds,
	balloon: buildBalloon,
	airplane: buildAirplane,
	rocket: buildRocket,
	lighthouse: buildLighthouse,
	tree: buildTree,
	house: buildHouse,
	cat: buildCat,
	dog: buildDog,
	person: buildPerson,
	fish: buildFish,
	whale: buildWhale,
	train: buildTrain,
	windmill: buildWindmill,
};
