import { type DependencyContainer, container as rootContainer } from "tsyringe";
import { ConfigurationError } from "../errors/index.ts";
import { createVideoService, type VideoService, type VideoServiceOptions } from "../service/index.ts";
import { readParts } from "./read-parts.ts";
import { VIDEO_SERVICE } from "./tokens.ts";

/** What `registerReelay` gives back. */
export interface ReelayRegistration {
	/** Closes the service, if it was ever resolved. So does disposing of the container. */
	dispose(): Promise<void>;
}

/**
 * Registers the service in an application's container, made of the parts that are registered there when it
 * is first resolved, and shared by all who resolve it. Needs no decorators and no compiler flags.
 *
 * Throws `ConfigurationError` when it is given no container, or one that has the service already; and, at
 * the first resolution, when a part is unusable.
 */
export function registerReelay(container: DependencyContainer, options: VideoServiceOptions = {}): ReelayRegistration {
	checkArguments(container, options);
	const services = new Set<VideoService>();
	const dispose = async () => {
		await Promise.all([...services].map((service) => service.close()));
	};
	/** tsyringe disposes of instances of classes, and not of what a factory made. */
	class ServiceHolder {
		readonly service = createVideoService(readParts(container, options));

		constructor() {
			services.add(this.service);
		}

		dispose(): Promise<void> {
			return dispose();
		}
	}
	container.registerSingleton(ServiceHolder);
	// Made in this container and not in a child that happens to ask first: a child's parts may not outlive it.
	container.register(VIDEO_SERVICE, { useFactory: () => container.resolve(ServiceHolder).service });
	return { dispose };
}

/**
 * A container of its own with the service in it: reelay's composition root. Register parts in it before the
 * first `resolve(VIDEO_SERVICE)`; `await container.dispose()` closes the service. Parts in tsyringe's global
 * container count, too.
 */
export function createReelayContainer(options: VideoServiceOptions = {}): DependencyContainer {
	const container = rootContainer.createChildContainer();
	registerReelay(container, options);
	return container;
}

function checkArguments(container: unknown, options: unknown): void {
	const calls = ["register", "registerSingleton", "resolve", "resolveAll", "isRegistered"] as const;
	const isContainer =
		typeof container === "object" &&
		container !== null &&
		calls.every((name) => typeof Reflect.get(container, name) === "function");
	if (!isContainer) {
		throw new ConfigurationError(
			"registerReelay: the first argument must be a tsyringe container, such as its container",
		);
	}
	if (typeof options !== "object" || options === null || Array.isArray(options)) {
		throw new ConfigurationError("registerReelay: the options must be an object, as createVideoService takes them");
	}
	if ((container as DependencyContainer).isRegistered(VIDEO_SERVICE)) {
		throw new ConfigurationError(
			"registerReelay: this container has a video service already; use a child container for another one",
		);
	}
}
