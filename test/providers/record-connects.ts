/** Loaded before a program: writes down every address that it tries to connect to, and every name that it looks up. */
import { appendFileSync } from "node:fs";
import { Socket } from "node:net";

const file = process.env["CONNECTS_FILE"] ?? "";
const { connect } = Socket.prototype;

Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
	this.on("connectionAttempt", (address) => appendFileSync(file, `${address}\n`));
	this.on("lookup", (_error, _address, _family, host) => appendFileSync(file, `look-up of ${host}\n`));
	return Reflect.apply(connect, this, args);
} as typeof connect;
