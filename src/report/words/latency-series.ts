/** The latency series of the run document, in the order of reports, by the names that readers get. */
import type { TrialResult } from "../../results/trial-schema.js";
import { latencySeries } from "../../scenario/slo-metric.js";

export type SeriesKey = keyof TrialResult["latencyUs"];

const words: Readonly<Record<SeriesKey, string>> = {
  roundTrip: "round trip",
  response: "response",
  wire: "wire",
  uplink: "uplink",
  backend: "backend",
  downlink: "downlink",
  residenceUp: "residence, up",
  residenceDown: "residence, down",
  connect: "connect",
  tls: "tls",
  upgrade: "upgrade",
  push: "push",
  fanoutFirst: "fan-out, first",
  fanoutMedian: "fan-out, median",
  fanoutLast: "fan-out, last",
};

const meanings: Readonly<Record<SeriesKey, string>> = {
  roundTrip: "from the actual send to the reply",
  response: "from when the send was due (free of coordinated omission)",
  wire: "from the actual send to the reply's arrival in the kernel",
  uplink: "from the client's send to its arrival at the backend",
  backend: "from there to the backend's reply",
  downlink: "from that reply to its arrival at the client",
  residenceUp: "from a message's last byte into the proxy to its last byte out to the backend",
  residenceDown: "the same on the way back, out to the client",
  connect: "until the TCP connection stands",
  tls: "of the TLS handshake",
  upgrade: "from the HTTP request to 101",
  push: "from when the backend's push was due to its arrival in the client's kernel",
  fanoutFirst: "from when the message to a room was due to its first arrival in a member's kernel",
  fanoutMedian: "from then to the arrival at half of the members",
  fanoutLast: "from then to the last arrival",
};

export const seriesKeys: readonly SeriesKey[] = latencySeries;

export function seriesKeyOf(name: string): SeriesKey | undefined {
  return seriesKeys.find((key) => key === name);
}

/** `round trip` for `roundTrip`; a name that is not known stays as it is. */
export function seriesWords(name: string): string {
  const key = seriesKeyOf(name);
  return key === undefined ? name : words[key];
}

/** What is timed, to follow the series' name. */
export function seriesMeaning(key: SeriesKey): string {
  return meanings[key];
}
