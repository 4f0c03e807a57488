/**
 * The embedded SIP server: transports, transactions and dialogs of RFC 3261
 * behind the application protocol that drachtio-srf speaks. It knows no
 * conferences, no accounts and no SDP. Start reading at `agent-core.ts`, then
 * `user-agent-server.ts` for what peers ask and `user-agent-client.ts` for what
 * the application asks.
 */
export type { SipAgentStats } from './agent-core.ts';
export { type SipAgent, type SipAgentSettings, startSipAgent } from './server.ts';
export { sipAgentSettings } from './settings.ts';
