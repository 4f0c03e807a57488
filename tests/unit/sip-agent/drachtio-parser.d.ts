declare module 'drachtio-srf/lib/sip-parser/message' {
  /** The client library's own reading of a message; throws on what it cannot read. */
  export default class SipMessage {
    constructor(text: string | undefined);
  }
}
