const SENSITIVE_NAME =
	/^(?:proxy[-_]?)?authorization$|^(?:set[-_]?)?cookie$|(?:api|access|private|secret|subscription|functions)[-_]?key$|^x[-_](?:.*[-_])?key$|passw(?:or)?d$|^credentials?$|secret$|(?:api|access|auth|bearer|id|refresh|security|session)[-_]?token$|.[-_]token$/i;

/** Whether a header or a field of this name holds a credential, whatever it looks like. */
export function isSensitiveName(name: string): boolean {
	return SENSITIVE_NAME.test(name);
}
