import type { ServiceJob } from "./service-dialect.ts";

/**
 * When a fault strikes. The client cannot tell the last two apart, and must not behave as if it could:
 * after the commit the job exists and is billed.
 */
export type FaultMoment = "before-body" | "before-commit" | "after-commit";

/** What a look shows instead of the job's own fields. */
export type JobView = Partial<Omit<ServiceJob, "submission" | "billed">>;

/** What happens to one request instead of the usual. */
export type Fault =
	/** Nothing: this request is served as usual. */
	| { readonly does: "pass" }
	/** The connection is reset, ended or kept open, without an answer. */
	| { readonly does: "reset" | "end" | "hang"; readonly at: FaultMoment }
	/** Another answer than the real one. Without a body, an error status has the protocol's error in it. */
	| {
			readonly does: "answer";
			readonly at: FaultMoment;
			readonly status: number;
			readonly headers: Readonly<Record<string, string | string[]>>;
			readonly body?: string | Uint8Array;
	  }
	/** Exactly these bytes, headers included, and the end of the connection. */
	| { readonly does: "raw"; readonly at: FaultMoment; readonly bytes: string | Uint8Array }
	/** The real answer, whose body stops after some bytes of those that were announced. */
	| { readonly does: "cut"; readonly afterBytes: number; readonly by: "reset" | "end" | "hang" }
	/** The real answer, byte by byte. */
	| { readonly does: "drip"; readonly everyMs: number }
	/** The real answer with another body. `job` is the one that it is about. */
	| { readonly does: "rewrite"; readonly rewrite: (body: string, job: ServiceJob | undefined) => string }
	/** The real answer about a job in another state. */
	| { readonly does: "show"; readonly view: JobView };

/** The faults by name. Those with a moment strike before the commit unless told otherwise. */
export const faults = {
	/** No fault. */
	pass: (): Fault => ({ does: "pass" }),
	/** TCP reset. */
	reset: (at: FaultMoment = "before-commit"): Fault => ({ does: "reset", at }),
	/** The end of the connection, without an answer. */
	end: (at: FaultMoment = "before-commit"): Fault => ({ does: "end", at }),
	/** Silence until the client gives up. */
	hang: (at: FaultMoment = "before-commit"): Fault => ({ does: "hang", at }),
	/** An answer with this status, and the protocol's own error as its body. */
	status: (
		status: number,
		headers: Readonly<Record<string, string | string[]>> = {},
		at: FaultMoment = "before-commit",
	): Fault => ({ does: "answer", at, status, headers }),
	/** An answer with this body. */
	body: (body: string | Uint8Array, contentType: string, at: FaultMoment = "before-commit", status = 200): Fault => ({
		does: "answer",
		at,
		status,
		headers: { "content-type": contentType },
		body,
	}),
	/** A page where JSON is expected, with status 200. */
	html: (at: FaultMoment = "before-commit"): Fault =>
		faults.body("<!doctype html><title>Bad gateway</title><p>Try again later.", "text/html", at),
	/** A redirect. */
	redirect: (location: string, status = 307, at: FaultMoment = "before-commit"): Fault =>
		faults.status(status, { location }, at),
	/** These bytes on the wire. */
	raw: (bytes: string | Uint8Array, at: FaultMoment = "before-commit"): Fault => ({ does: "raw", at, bytes }),
	/** The announced length is not reached. */
	cut: (afterBytes: number, by: "reset" | "end" | "hang" = "end"): Fault => ({ does: "cut", afterBytes, by }),
	/** One byte every so many milliseconds. */
	drip: (everyMs: number): Fault => ({ does: "drip", everyMs }),
	/** JSON that ends in the middle, in an answer that is whole. */
	truncatedJson: (): Fault => ({ does: "rewrite", rewrite: (body) => body.slice(0, Math.floor(body.length / 2)) }),
	/** `{}`. */
	emptyObject: (): Fault => ({ does: "rewrite", rewrite: () => "{}" }),
	/** Another id than the job's, wherever the answer has it. */
	jobId: (id: string): Fault => ({
		does: "rewrite",
		rewrite: (body, job) => body.replaceAll(job?.id ?? "", JSON.stringify(id).slice(1, -1)),
	}),
	/** The id of a job as a number. */
	numericJobId: (): Fault => ({
		does: "rewrite",
		rewrite: (body, job) => body.replaceAll(JSON.stringify(job?.id ?? ""), "42"),
	}),
	/** Every name of the outer object twice; the second time with an id of another job. */
	duplicateNames: (otherId: string): Fault => ({
		does: "rewrite",
		rewrite: (body, job) => `${body.slice(0, -1)},${body.slice(1).replaceAll(job?.id ?? "", otherId)}`,
	}),
	/** An answer that is right, and padded to at least this many bytes. */
	oversized: (sizeBytes: number): Fault => ({
		does: "rewrite",
		rewrite: (body) => `${body.slice(0, -1)},"padding":"${"x".repeat(sizeBytes)}"}`,
	}),
	/** The job in another state than it is in. */
	show: (view: JobView): Fault => ({ does: "show", view }),
};
