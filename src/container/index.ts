/**
 * reelay for applications that have a tsyringe container. The only entry that loads tsyringe.
 */
import "reflect-metadata";
import { type DependencyContainer, type InjectionToken, instanceCachingFactory } from "tsyringe";
import { createVideoService, type VideoService, type VideoServiceOptions } from "../service/index.ts";

/** Resolves to the container's one `VideoService`. */
export const VIDEO_SERVICE: InjectionToken<VideoService> = Symbol.for("reelay.VideoService");

/** What `registerReelay` gives back. */
export interface ReelayRegistration {
	/** Closes the service, if it was ever resolved. tsyringe itself disposes of no factory's instance. */
	dispose(): Promise<void>;
}

/**
 * Registers the service in an application's container. It is made when it is first resolved, and shared
 * by all who resolve it. Needs no decorators and no compiler flags.
 */
export function registerReelay(container: DependencyContainer, options: VideoServiceOptions = {}): ReelayRegistration {
	let service: VideoService | undefined;
	container.register(VIDEO_SERVICE, {
		useFactory: instanceCachingFactory(() => {
			service = createVideoService(options);
			return service;
		}),
	});
	return { dispose: async () => service?.close() };
}
