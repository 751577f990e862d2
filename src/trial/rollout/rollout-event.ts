/**
 * What can happen to a proxy, or behind it, while clients are connected: by name, and in words.
 */
export const rolloutEvents = [
  "reload",
  "reload-same",
  "restart",
  "kill",
  "kill-worker",
  "upgrade",
  "cert",
  "backend-down",
  "backend-drain",
  "blue-green",
  "storm",
  "slow-readers",
  "dead-peers",
  "delay",
  "loss",
] as const;
export type RolloutEvent = (typeof rolloutEvents)[number];

/** As help and reports say it: "a reload with a changed config". */
export const eventWords: Readonly<Record<RolloutEvent, string>> = {
  reload: "a reload, as with a changed config",
  "reload-same": "a reload of an unchanged config",
  restart: "a restart: the proxy is stopped in order, and started again on its port",
  kill: "all of the proxy's processes killed (SIGKILL), and started again on its port",
  "kill-worker": "one of the proxy's workers killed (SIGKILL)",
  upgrade:
    "another process of the same program, or of --to-binary, takes the proxy's place with its clients there",
  cert: "a new certificate by the same authority in the place of the run's own, and a reload",
  "backend-down": "the backend gone without a word, and back after a second",
  "backend-drain":
    "the backend closes all with 1012, answers 503 to new ones, and serves again after a second",
  "blue-green": "the upstream is switched to a second backend, by a reload; the first one stays up",
  storm: "all connections end at once at the backend, which goes on serving: all clients come back together",
  "slow-readers": "clients beside the others, --share of them, stop reading and ask for more",
  "dead-peers":
    "the links of clients beside the others, --share of them, are cut without a word to either end (as root)",
  delay: "for --lasts, packets between clients and proxy take --delay longer each way (as root)",
  loss: "for --lasts, --loss of the packets between clients and proxy are lost (as root)",
};

/** Whose doing an event is: who asks why a client was cut looks there. */
export function isBackendEvent(event: RolloutEvent): boolean {
  return event === "backend-down" || event === "backend-drain" || event === "storm";
}

/** Whether it is over after a time, and not at once. */
export function isWeather(event: RolloutEvent): boolean {
  return event === "delay" || event === "loss";
}

/** Whether the proxy reads its config again, whatever has changed in it. */
export function isReload(event: RolloutEvent): boolean {
  return event === "reload" || event === "reload-same" || event === "cert" || event === "blue-green";
}
