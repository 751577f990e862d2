/** What a generator thread has counted when its part of a trial is over. */

export interface ThreadCounts {
  /** Messages whose send fell due in the measured window, and replies to those. */
  readonly windowSent: number;
  readonly windowReceived: number;
  /** Messages that fell due in the window, whether or not a connection was left to send them; open loop. */
  readonly windowDue: number;
  /** Replies that came while the window was open, to whatever message. */
  readonly repliesInWindow: number;
  /** Their round trips added up, in nanoseconds. */
  readonly roundTripsInWindowNs: number;
  /** The whole trial, warm-up and drain included. */
  readonly totalSent: number;
  /** Right replies, each to a message of its own. */
  readonly totalReceived: number;
  /** Payload bytes of those. */
  readonly totalSentBytes: number;
  readonly totalReceivedBytes: number;
}

/** Connections that agreed on the same TLS. */
export interface TlsCount {
  readonly version: string;
  readonly cipher: string;
  readonly connections: number;
  readonly resumed: number;
}

/** WebSocket pings, and pongs to them. */
export interface HeartbeatCounts {
  readonly sent: number;
  readonly answered: number;
}

/** What was said beside the load. */
export interface TalkCounts {
  /** Messages of the server's own that no rule takes for a reply. */
  readonly ignored: number;
  /** Heartbeats and the like that were answered, and what was sent to stay connected. */
  readonly answered: number;
  readonly keptAlive: number;
}

/** To be counted up. */
export function zeroCounts(): { -readonly [Name in keyof ThreadCounts]: number } {
  return {
    windowSent: 0,
    windowReceived: 0,
    windowDue: 0,
    repliesInWindow: 0,
    roundTripsInWindowNs: 0,
    totalSent: 0,
    totalReceived: 0,
    totalSentBytes: 0,
    totalReceivedBytes: 0,
  };
}
