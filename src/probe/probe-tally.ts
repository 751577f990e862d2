/** What a probe sends to its arm, counted as it is sent, so that all that a server saw is accounted for. */
export interface ProbeTally {
  /** Over TCP, whatever came of them. */
  connections: number;
  /** Text and binary messages of clients. */
  messages: number;
}
