/**
 * reelay for applications that have a tsyringe container. The only entry that loads tsyringe.
 */
import "reflect-metadata";

export { createReelayContainer, type ReelayRegistration, registerReelay } from "./register-reelay.ts";
export {
	CACHE,
	CLOCK,
	EGRESS,
	ENV,
	FETCH,
	IMAGE_TO_VIDEO,
	KEEP_IMAGE_METADATA,
	LEDGER,
	LIMITS,
	LOGGER,
	OUTPUT_DIRECTORY,
	POLICIES,
	PROVIDERS,
	RANDOM,
	ROUTING,
	TEXT_TO_VIDEO,
	VIDEO_SERVICE,
} from "./tokens.ts";
