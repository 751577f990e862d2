/**
 * What the kernel knows of one TCP connection (TCP_INFO; struct tcp_info in linux/tcp.h).
 */
import { checked } from "./errno.js";
import { libc } from "./libc.js";

const SOL_TCP = 6;
const TCP_INFO = 11;

/** From include/net/tcp_states.h, by number. */
const stateNames = [
  "unknown",
  "established",
  "syn-sent",
  "syn-received",
  "fin-wait-1",
  "fin-wait-2",
  "time-wait",
  "closed",
  "close-wait",
  "last-ack",
  "listen",
  "closing",
  "new-syn-received",
] as const;

export interface TcpInfo {
  readonly state: (typeof stateNames)[number];
  /** Smoothed round trip of the connection, and its mean deviation. */
  readonly rttUs: number;
  readonly rttDeviationUs: number;
  /** Segments sent more than once, ever. */
  readonly totalRetransmits: number;
  /** Timeouts in a row without an acknowledgement, now. */
  readonly retransmits: number;
  readonly unacknowledgedSegments: number;
  readonly lostSegments: number;
  readonly congestionWindowSegments: number;
  /** What a segment may carry. */
  readonly sendSegmentBytes: number;
  readonly sinceLastDataSentMs: number;
  readonly sinceLastDataReceivedMs: number;
  /** The four below are null on kernels before 4.9. */
  readonly bytesAcknowledged: number | null;
  readonly bytesReceived: number | null;
  readonly notSentBytes: number | null;
  readonly minimumRttUs: number | null;
}

/** Room for more than kernels of today fill. */
const structBytes = 256;

/** 2.4 µs: for an example now and then, not for every message. */
export function tcpInfoOf(fd: number): TcpInfo {
  const info = Buffer.alloc(structBytes);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(structBytes);
  checked("getsockopt", libc().getsockopt(fd, SOL_TCP, TCP_INFO, info, length));
  const filled = length.readUInt32LE();
  const word = (at: number): number => info.readUInt32LE(at);
  const whenFilled = (end: number, value: number): number | null => (end <= filled ? value : null);
  return {
    state: stateNames[info.readUInt8(0)] ?? "unknown",
    retransmits: info.readUInt8(2),
    sendSegmentBytes: word(16),
    unacknowledgedSegments: word(24),
    lostSegments: word(32),
    sinceLastDataSentMs: word(44),
    sinceLastDataReceivedMs: word(52),
    rttUs: word(68),
    rttDeviationUs: word(72),
    congestionWindowSegments: word(80),
    totalRetransmits: word(100),
    bytesAcknowledged: whenFilled(128, Number(info.readBigUInt64LE(120))),
    bytesReceived: whenFilled(136, Number(info.readBigUInt64LE(128))),
    notSentBytes: whenFilled(148, word(144)),
    minimumRttUs: whenFilled(152, word(148)),
  };
}
