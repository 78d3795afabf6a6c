/** As `engines` of package.json has it: major and minor. */
const OLDEST = [22, 19] as const;

/**
 * Says that this Node is too old, and which one is needed; `undefined` when it will do. The command line asks
 * before it loads anything else, so this file imports nothing and is written for Node of any age.
 */
export function nodeVersionProblem(version: string = process.version): string | undefined {
	const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
	const isEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
	return isEnough ? undefined : `reelay needs Node ${OLDEST.join(".")} or newer; this is ${version}`;
}
