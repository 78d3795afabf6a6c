/** What a call to a service is for. Each stage has its own breaker: a service may take no job and still show one. */
export type CallStage = "submit" | "poll" | "download";

/** An account at a service. */
export interface AccountTarget {
	/** The provider's id. */
	readonly provider: string;
	/** Tells accounts of one service apart, without a secret; absent where there is only one. */
	readonly account?: string | undefined;
}

/** Where a call goes. A model reference is one. */
export interface CallTarget extends AccountTarget {
	/** The model's id at that provider. */
	readonly model: string;
}

/** One value for each stage. */
export function byStage<Value>(make: (stage: CallStage) => Value): Readonly<Record<CallStage, Value>> {
	return { submit: make("submit"), poll: make("poll"), download: make("download") };
}

/** A key for what an account has of its own. */
export function accountKey({ provider, account = "" }: AccountTarget): string {
	return `${provider} ${account}`;
}
