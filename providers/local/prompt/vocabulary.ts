import type { CameraMove } from "../art/camera.ts";
import { type Rgb, rgb } from "../art/color.ts";
import type { Mood, TimeOfDay, Weather } from "../art/palette.ts";

/** The places that can be drawn. */
export type SceneName =
	| "sky"
	| "sea"
	| "lake"
	| "hills"
	| "mountains"
	| "city"
	| "forest"
	| "desert"
	| "space"
	| "winter"
	| "campfire"
	| "underwater";

/** The things that can be drawn into them. */
export type SubjectName =
	| "kite"
	| "boat"
	| "birds"
	| "balloon"
	| "airplane"
	| "rocket"
	| "lighthouse"
	| "tree"
	| "house"
	| "cat"
	| "dog"
	| "person"
	| "fish"
	| "whale"
	| "train"
	| "windmill";

/** What a word says of the place, with its weight: 3 names it, 1 hints at it. */
export const SCENE_WORDS: Readonly<Record<SceneName, readonly (readonly [weight: number, words: string])[]>> = {
	sky: [
		[3, "sky cloud heaven cloudscape airspace"],
		[1, "kite balloon airplane plane bird fly flying air jet eagle swallow dragon wind aurora"],
	],
	sea: [
		[3, "sea ocean wave seaside coast beach shore surf bay harbor harbour island tide maritime lagoon"],
		[2, "boat ship sailboat yacht lighthouse sailing sailor surfer surfing cliff gull seagull pirate"],
	],
	lake: [
		[3, "lake pond river reservoir loch fjord reflection waterside stream"],
		[1, "canoe swan duck rowing water bridge"],
	],
	hills: [
		[3, "hill meadow field grassland countryside valley pasture prairie farm farmland village vineyard tuscany"],
		[2, "grass flower garden park windmill cow sheep horse lamb spring tulip sunflower wheat lavender picnic"],
		[1, "house cottage barn road landscape train dog rabbit butterfly bee"],
	],
	mountains: [
		[3, "mountain alp peak summit ridge cliff himalaya volcano canyon glacier everest highland"],
		[1, "hike hiking climber climbing eagle goat trek landscape epic"],
	],
	city: [
		[3, "city skyline downtown street skyscraper urban metropolis town cityscape tokyo london paris manhattan york"],
		[2, "building cyberpunk tower traffic taxi car neon rooftop alley avenue night-club bus tram robot"],
		[1, "rain rainy umbrella cafe window office"],
	],
	forest: [
		[3, "forest wood woodland jungle rainforest grove thicket pine"],
		[2, "tree deer fox bear owl mushroom fairy leaf bamboo firefly path trail elf"],
		[1, "autumn fall fog mist magic"],
	],
	desert: [
		[3, "desert dune sahara sand cactus oasis sandstorm mesa"],
		[2, "camel pyramid caravan egypt nomad arid mars martian"],
	],
	space: [
		[
			3,
			"space galaxy planet nebula cosmos universe cosmic orbit interstellar asteroid astronaut spaceship saturn jupiter",
		],
		[2, "rocket star alien satellite comet spacecraft ufo shuttle stardust supernova milky"],
	],
	winter: [
		[3, "winter snowfall snowscape tundra arctic antarctica christmas blizzard snowman sleigh iceberg polar"],
		[2, "snow snowy ice icy frost frosty frozen ski skiing penguin reindeer igloo"],
		[1, "cabin cold"],
	],
	campfire: [
		[3, "campfire bonfire fire flame fireplace campsite ember fireside"],
		[2, "camping tent torch burning lantern"],
	],
	underwater: [
		[3, "underwater reef coral undersea submarine seabed aquarium submerged deep-sea"],
		[2, "fish jellyfish whale dolphin shark turtle octopus diver diving mermaid squid seahorse ray kelp"],
	],
};

/** What each thing is called. */
export const SUBJECT_WORDS: Readonly<Record<SubjectName, string>> = {
	kite: "kite",
	boat: "boat ship sailboat yacht sail sailing dinghy schooner vessel canoe ferry",
	birds: "bird gull seagull swallow goose flock crow eagle hawk swan pigeon dove crane heron",
	balloon: "balloon airship zeppelin",
	airplane: "airplane plane aeroplane aircraft jet airliner glider",
	rocket: "rocket spaceship spacecraft shuttle starship",
	lighthouse: "lighthouse",
	tree: "tree oak",
	house: "house cottage cabin barn hut farmhouse home chalet",
	cat: "cat kitten kitty",
	dog: "dog puppy hound corgi",
	person: "person man woman girl boy child people traveller traveler hiker astronaut someone hero monk wizard",
	fish: "fish goldfish salmon clownfish",
	whale: "whale dolphin orca",
	train: "train locomotive railway",
	windmill: "windmill turbine",
};

export const TIME_WORDS: Readonly<Record<TimeOfDay, string>> = {
	dawn: "dawn sunrise morning daybreak",
	day: "day noon midday daytime afternoon sunny daylight summer",
	dusk: "dusk sunset evening twilight sundown nightfall golden-hour gloaming",
	night: "night midnight moonlight moonlit starry nighttime nocturnal moon aurora starlit neon firefly fireworks",
};

export const WEATHER_WORDS: Readonly<Record<Weather, string>> = {
	clear: "clear cloudless",
	rain: "rain rainy raining drizzle shower downpour wet monsoon",
	snow: "snow snowy snowing snowfall snowflake blizzard flurry",
	fog: "fog foggy mist misty haze hazy",
	storm: "storm stormy thunder thunderstorm lightning tempest hurricane",
};

export const WIND_WORDS = "wind windy breeze breezy gust gusty storm stormy blizzard hurricane kite tempest";

/** Things and moods that have a colour of their own. */
export const COLOR_WORDS: Readonly<Record<string, Rgb>> = {
	red: rgb("#e2362f"),
	crimson: rgb("#c21f3a"),
	scarlet: rgb("#f03a2a"),
	orange: rgb("#f5842b"),
	yellow: rgb("#f7cf3d"),
	golden: rgb("#f2b63c"),
	gold: rgb("#f2b63c"),
	amber: rgb("#f0a030"),
	green: rgb("#3fa650"),
	emerald: rgb("#17996b"),
	teal: rgb("#1d9a9a"),
	turquoise: rgb("#2cc4c0"),
	cyan: rgb("#2cc5e8"),
	blue: rgb("#2f6fde"),
	azure: rgb("#3a94ee"),
	indigo: rgb("#4a43b8"),
	purple: rgb("#8444c4"),
	violet: rgb("#8d55d8"),
	magenta: rgb("#d63aa8"),
	pink: rgb("#f27aa9"),
	brown: rgb("#8a5a38"),
	white: rgb("#f4f2ec"),
	black: rgb("#24262e"),
	grey: rgb("#8d939c"),
	gray: rgb("#8d939c"),
	silver: rgb("#c3c9d2"),
};

/** Colours that describe a thing but would make a poor light for a whole picture. */
export const COLORS_OF_THINGS_ONLY = "white black grey gray silver brown";

export const MOOD_WORDS: Readonly<Record<string, Mood>> = {
	pastel: { kind: "pastel" },
	watercolor: { kind: "pastel" },
	soft: { kind: "pastel" },
	neon: { kind: "neon" },
	vivid: { kind: "neon" },
	vibrant: { kind: "neon" },
	cyberpunk: { kind: "neon" },
	monochrome: { kind: "monochrome" },
	noir: { kind: "monochrome" },
	"black-and-white": { kind: "monochrome" },
	sepia: { kind: "tint", color: rgb("#b58b57") },
	warm: { kind: "tint", color: rgb("#f2a65a") },
	cold: { kind: "tint", color: rgb("#5a9fe0") },
};

/** Phrases that move the camera, tried in order. */
export const CAMERA_PHRASES: readonly (readonly [RegExp, CameraMove])[] = [
	[/\b(zoom(s|ing)? out|pull(s|ing)? (back|out)|dolly(ing)? out|reveal(s|ing)?)\b/, "zoom-out"],
	[
		/\b(zoom(s|ing)?( in)?|push(es|ing)? in|dolly(ing)?( in)?|close[- ]?up|move(s)? closer|approach(es|ing)?)\b/,
		"zoom-in",
	],
	[/\b(pan(s|ning)?|track(s|ing)?|slid(e|es|ing)|mov(e|es|ing)) (to the )?left\b/, "pan-left"],
	[/\b(pan(s|ning)?|track(s|ing)?|slid(e|es|ing)|mov(e|es|ing)) (to the )?right\b/, "pan-right"],
	[/\b(tilt(s|ing)?|pan(s|ning)?|crane(s)?|camera ris(es|ing)|look(s|ing)?) up\b|\bcamera rises\b/, "tilt-up"],
	[/\b(tilt(s|ing)?|pan(s|ning)?|crane(s)?|look(s|ing)?) down\b|\bdescend(s|ing)?\b/, "tilt-down"],
	[/\b(rotat(e|es|ing)|roll(s|ing)? camera|spin(s|ning)?)\b/, "rotate"],
	[/\bpan(s|ning)?\b/, "pan-right"],
	[/\b(static|still|locked|fixed|tripod)( (camera|shot|frame))?\b/, "static"],
];
