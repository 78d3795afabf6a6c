/**
 * Fills `planes` (Y, then U, then V; `width * height * 1.5` bytes) from RGBA pixels, in BT.709 with
 * limited range, which is what players assume of HD video. Both sides must be even.
 */
export function rgbaToI420(pixels: Uint8Array, width: number, height: number, planes: Uint8Array): void {
	const stride = width * 4;
	let chromaU = width * height;
	let chromaV = chromaU + (width * height) / 4;
	for (let row = 0; row < height; row += 2) {
		let upper = row * stride;
		let lower = upper + stride;
		let luma = row * width;
		for (let column = 0; column < width; column += 2, upper += 8, lower += 8, luma += 2) {
			const red0 = pixels[upper] as number;
			const green0 = pixels[upper + 1] as number;
			const blue0 = pixels[upper + 2] as number;
			const red1 = pixels[upper + 4] as number;
			const green1 = pixels[upper + 5] as number;
			const blue1 = pixels[upper + 6] as number;
			const red2 = pixels[lower] as number;
			const green2 = pixels[lower + 1] as number;
			const blue2 = pixels[lower + 2] as number;
			const red3 = pixels[lower + 4] as number;
			const green3 = pixels[lower + 5] as number;
			const blue3 = pixels[lower + 6] as number;
			// 16.16 fixed point; the constants carry the offset of 16 (or 128) and the rounding half.
			planes[luma] = (11966 * red0 + 40254 * green0 + 4064 * blue0 + 1081344) >> 16;
			planes[luma + 1] = (11966 * red1 + 40254 * green1 + 4064 * blue1 + 1081344) >> 16;
			planes[luma + width] = (11966 * red2 + 40254 * green2 + 4064 * blue2 + 1081344) >> 16;
			planes[luma + width + 1] = (11966 * red3 + 40254 * green3 + 4064 * blue3 + 1081344) >> 16;
			const red = red0 + red1 + red2 + red3;
			const green = green0 + green1 + green2 + green3;
			const blue = blue0 + blue1 + blue2 + blue3;
			planes[chromaU++] = (-6596 * red - 22189 * green + 28785 * blue + 33685504) >> 18;
			planes[chromaV++] = (28785 * red - 26145 * green - 2640 * blue + 33685504) >> 18;
		}
	}
}
