/**
 * What the peer's SETTINGS say (RFC 9113, 6.5.2; RFC 8441, 3).
 */
import {
  type ConnectionError,
  frameBytesMost,
  frameBytesUsual,
  settingIds,
  windowMost,
  windowUsual,
} from "./frame-types.js";

const entryBytes = 6;

export class PeerSettings {
  readonly #whose: "client" | "server";
  /** Infinity where it sets no limit. */
  maxConcurrentStreams = Number.POSITIVE_INFINITY;
  initialWindowSize = windowUsual;
  /** Whether it takes CONNECT with :protocol. */
  takesConnect = false;
  /** Whether the last SETTINGS named the size of the peer's header table. */
  hasTableSize = false;

  constructor(whose: "client" | "server") {
    this.#whose = whose;
  }

  /** Takes the payload [start, end) of a SETTINGS frame. @returns what is wrong with it */
  read(bytes: Buffer, start: number, end: number): ConnectionError | null {
    if ((end - start) % entryBytes !== 0)
      return { name: "FRAME_SIZE_ERROR", detail: `SETTINGS of ${end - start} bytes` };
    this.hasTableSize = false;
    for (let at = start; at < end; at += entryBytes) {
      const error = this.#take(bytes.readUInt16BE(at), bytes.readUInt32BE(at + 2));
      if (error !== null) return error;
    }
    return null;
  }

  #take(id: number, value: number): ConnectionError | null {
    switch (id) {
      case settingIds.headerTableSize:
        this.hasTableSize = true;
        return null;
      case settingIds.enablePush:
        // A server must not say that it takes pushes (RFC 9113, 6.5.2).
        return value === 0 || (value === 1 && this.#whose === "client")
          ? null
          : wrongValue("ENABLE_PUSH", value);
      case settingIds.maxConcurrentStreams:
        this.maxConcurrentStreams = value;
        return null;
      case settingIds.initialWindowSize:
        if (value > windowMost)
          return { ...wrongValue("INITIAL_WINDOW_SIZE", value), name: "FLOW_CONTROL_ERROR" };
        this.initialWindowSize = value;
        return null;
      case settingIds.maxFrameSize:
        // What we send never has more than the least that it may be.
        return value >= frameBytesUsual && value <= frameBytesMost
          ? null
          : wrongValue("MAX_FRAME_SIZE", value);
      case settingIds.enableConnectProtocol:
        // Nor may it be taken back (RFC 8441, 3).
        if (value > 1 || (value === 0 && this.takesConnect))
          return wrongValue("ENABLE_CONNECT_PROTOCOL", value);
        this.takesConnect = value === 1;
        return null;
      default:
        return null;
    }
  }
}

function wrongValue(name: string, value: number): ConnectionError {
  return { name: "PROTOCOL_ERROR", detail: `SETTINGS_${name} of ${value}` };
}
