import type { EncoderName } from "../render-spec.ts";
import type { EncoderSettings, FrameEncoder } from "./frame-encoder.ts";
import { createNativeEncoder } from "./native-encoder.ts";
import { createWasmEncoder } from "./wasm-encoder.ts";

/** Opens the encoder that was asked for; `auto` falls back to WebAssembly where the native module has no binary. */
export async function openEncoder(name: EncoderName | "auto", settings: EncoderSettings): Promise<FrameEncoder> {
	if (name === "wasm") return createWasmEncoder(settings);
	try {
		return await createNativeEncoder(settings);
	} catch (error) {
		if (name === "native") throw error;
		return createWasmEncoder(settings);
	}
}
