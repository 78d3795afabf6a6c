/** What every provider is held to. */
export { type ContractCase, type ContractOptions, contractCases } from "./contract-cases.ts";
