/** How the requests of providers are sent, and what is known of a request that failed. */
export { createProviderHttp, type ProviderHttp, type ProviderHttpLimits } from "./provider-http.ts";
export { type SendingReport, watchSending } from "./watch-sending.ts";
