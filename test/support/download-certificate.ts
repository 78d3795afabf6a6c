import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { ServerCertificate } from "./download-server.ts";

const COMMON_NAME = [0x55, 0x04, 0x03];
const ALTERNATIVE_NAME = [0x55, 0x1d, 0x11];
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];
const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

/** A fresh key and a certificate for `localhost` that it signs itself, good for today and tomorrow. */
export function selfSignedCertificate(): ServerCertificate {
	const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const name = sequence(set(sequence(objectId(COMMON_NAME), der(0x0c, Buffer.from("localhost")))));
	const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
	const day = 86_400_000;
	const extensions = sequence(
		sequence(objectId(ALTERNATIVE_NAME), der(0x04, sequence(der(0x82, Buffer.from("localhost"))))),
		sequence(objectId(BASIC_CONSTRAINTS), der(0x04, sequence(der(0x01, Buffer.from([0xff]))))),
	);
	const toBeSigned = sequence(
		der(0xa0, der(0x02, Buffer.from([2]))),
		der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
		algorithm,
		name,
		sequence(time(Date.now() - day), time(Date.now() + day)),
		name,
		publicKey.export({ type: "spki", format: "der" }),
		der(0xa3, extensions),
	);
	const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", toBeSigned, privateKey)]));
	const certificate = sequence(toBeSigned, algorithm, signature);
	const lines = certificate.toString("base64").replace(/.{1,64}/g, "$&\n");
	return {
		key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
		cert: `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`,
	};
}

/** One value in the encoding of certificates: what it is, how long, and its bytes. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
	const content = Buffer.concat(contents);
	const { length } = content;
	if (length < 128) return Buffer.concat([Buffer.from([tag, length]), content]);
	const size = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
	return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...contents: readonly Uint8Array[]): Buffer {
	return der(0x30, ...contents);
}

function set(...contents: readonly Uint8Array[]): Buffer {
	return der(0x31, ...contents);
}

function objectId(bytes: readonly number[]): Buffer {
	return der(0x06, Buffer.from(bytes));
}

function time(milliseconds: number): Buffer {
	const digits = new Date(milliseconds).toISOString().replace(/[-:T]/g, "").slice(2, 14);
	return der(0x17, Buffer.from(`${digits}Z`));
}
