import { z } from "zod";
import { isVideoMetadata } from "../../media/index.ts";
import type { JobState } from "../job-state.ts";
import type {
	AttemptRecord,
	CacheRecord,
	ExpectedVideo,
	JobRecord,
	LeaseRecord,
	OutputRecord,
	ResultRecord,
} from "../ledger.ts";
import type { VideoCost } from "../video-job.ts";
import { unreadableError } from "./ledger-failure.ts";

/** A schema for every field, so that a field that is added to a record cannot be forgotten here. */
type FieldsOf<Type> = { readonly [Name in keyof Type]-?: z.ZodType };

const STATE = z.enum({
	created: "created",
	submitting: "submitting",
	accepted: "accepted",
	running: "running",
	generated: "generated",
	downloading: "downloading",
	succeeded: "succeeded",
	failed: "failed",
	cancelled: "cancelled",
	submit_unknown: "submit_unknown",
} satisfies { readonly [State in JobState]: State });

const ATTEMPT = z.lazy(() =>
	z.strictObject({
		model: z.string(),
		outcome: z.enum(["accepted", "rejected", "unknown", "skipped"]),
		billed: z.enum(["no", "yes", "unknown"]),
		errorCode: z.string().exactOptional(),
		reason: z.string().exactOptional(),
		submittedAt: z.string().exactOptional(),
		handle: z.json().exactOptional(),
		mark: z.string().exactOptional(),
		acceptedAtMs: z.number().exactOptional(),
		account: z.string().exactOptional(),
		expected: z
			.strictObject({
				durationSeconds: z.number().exactOptional(),
				fps: z.number().exactOptional(),
				aspectRatio: z.string().exactOptional(),
				resolution: z.string().exactOptional(),
				generateAudio: z.boolean().exactOptional(),
			} satisfies FieldsOf<ExpectedVideo>)
			.exactOptional(),
		estimatedCostUsd: z.number().exactOptional(),
		cacheKey: z.string().exactOptional(),
	} satisfies FieldsOf<AttemptRecord>),
);

const RESULT = z.lazy(() =>
	z.strictObject({
		path: z.string(),
		sizeBytes: z.number(),
		sha256: z.string(),
		metadata: z.custom<ResultRecord["metadata"]>(isVideoMetadata),
		warnings: z.array(z.string()),
		cost: z.strictObject({
			usd: z.number().exactOptional(),
			source: z.enum(["service", "estimate", "free", "cache", "unknown"]),
			originalUsd: z.number().exactOptional(),
		} satisfies FieldsOf<VideoCost>),
		downloadMs: z.number(),
		totalMs: z.number(),
		fromCache: z.strictObject({ model: z.string() } satisfies FieldsOf<CacheRecord>).exactOptional(),
	} satisfies FieldsOf<ResultRecord>),
);

const LEASE = z.lazy(() =>
	z.strictObject({
		holder: z.string(),
		host: z.string(),
		processId: z.int(),
		untilMs: z.number(),
	} satisfies FieldsOf<LeaseRecord>),
);

const OUTPUT = z.lazy(() =>
	z.strictObject({ path: z.string(), overwrite: z.boolean() } satisfies FieldsOf<OutputRecord>),
);

const RECORD: z.ZodType<JobRecord> = z.lazy(() =>
	z.strictObject({
		id: z.string(),
		revision: z.int(),
		task: z.enum(["text-to-video", "image-to-video"]),
		state: STATE,
		idempotencyKey: z.string(),
		inputHash: z.string(),
		createdAtMs: z.number(),
		updatedAtMs: z.number(),
		attempts: z.array(ATTEMPT),
		prompt: z.string(),
		request: z.record(z.string(), z.json()).exactOptional(),
		output: OUTPUT.exactOptional(),
		lease: LEASE.exactOptional(),
		errorCode: z.string().exactOptional(),
		errorMessage: z.string().exactOptional(),
		result: RESULT.exactOptional(),
		generationMs: z.number().exactOptional(),
	} satisfies FieldsOf<JobRecord>),
);

const ROW = z.lazy(() =>
	z.object({
		record: z
			.string()
			.transform((text, context) => {
				try {
					return JSON.parse(text) as unknown;
				} catch {
					context.addIssue("it is no JSON");
					return z.NEVER;
				}
			})
			.pipe(RECORD),
	}),
);

/** Every state that a job can be in. */
export const JOB_STATES: readonly JobState[] = STATE.options;

/** A row back into the record that it was made from. Throws `ConfigurationError` when it is not one. */
export function decodeRow(path: string, row: unknown): JobRecord {
	const parsed = ROW.safeParse(row);
	if (parsed.success) return parsed.data.record;
	const [issue] = parsed.error.issues;
	throw unreadableError(path, `${issue?.path.join(".")}: ${issue?.message}`);
}
