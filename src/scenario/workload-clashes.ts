/**
 * Keys of a workload that cannot stand beside each other, or alone: each with the words that say so.
 */

interface Clash {
  readonly key: string;
  readonly words: string;
}

/** What is given, by its key; whatever is left out is undefined. */
type Given = Readonly<Record<string, unknown>>;

/** Of each two, only one can say it; the fault is told of the first. */
const exclusive: readonly (readonly [key: string, other: string])[] = [
  ["closed", "rate"],
  ["binary", "text"],
  ["precision", "blocks"],
  ["insecure", "ca"],
  ["sizes", "payload"],
  ["mix", "rate"],
  ["mix", "closed"],
  ["mix", "stages"],
  ["stages", "duration"],
  ["replay", "rate"],
  ["replay", "closed"],
  ["replay", "mix"],
  ["replay", "stages"],
  ["replay", "payload"],
  ["replay", "sizes"],
  ["replay", "message"],
  ["replay", "preset"],
  ["replay", "text"],
  ["replay", "binary"],
  ["replay", "push"],
  ["replay", "fanout"],
  ["replay", "churn"],
];

/** What the backend sends unasked is timed by the kernel's stamps, and only wsrally's own backend sends it. */
const unasked = ["push", "fanout"];

const whyNoRooms = "who is in a room would not be told for certain while connections come and go";

/** @param stages as the schema has read them */
function stageClashes(stages: unknown, isGiven: (key: string) => boolean): Clash[] {
  const has = (part: string): boolean =>
    Array.isArray(stages) && stages.some((stage) => stage[part] !== undefined);
  const clash = (part: string, key: string, words: string): Clash[] =>
    has(part) && isGiven(key) ? [{ key: "stages", words }] : [];
  const either = (key: string): string => `cannot stand beside ${key}: choose one of them`;
  return [
    ...clash("rate", "rate", either("rate")),
    ...clash("rate", "closed", either("closed")),
    ...clash("connections", "connections", `stages of connections ${either("connections")}`),
    ...clash("connections", "fanout", `stages of connections cannot stand beside fanout: ${whyNoRooms}`),
  ];
}

export function clashesOf(given: Given): Clash[] {
  const isGiven = (key: string): boolean => given[key] !== undefined && given[key] !== false;
  const isOwn = isGiven("message") || isGiven("preset");
  const clashes: Clash[] = [];
  const clash = (key: string, words: string): void => void clashes.push({ key, words });
  for (const [key, other] of exclusive) {
    if (isGiven(key) && isGiven(other)) clash(key, `cannot stand beside ${other}: choose one of them`);
  }
  if (isGiven("binary") && !isGiven("payload") && !isGiven("sizes") && !isOwn)
    clash("binary", "goes with payload, sizes or message: the default message is the text ping");
  for (const key of ["payload", "sizes"]) {
    if (isGiven(key) && isOwn) clash(key, "cannot stand beside message or preset: choose one of them");
  }
  for (const key of ["reply", "ignore", "answer", "keepAlive"]) {
    if (isGiven(key) && !isOwn) clash(key, "goes with message or preset");
  }
  if (isGiven("compressibility") && !isGiven("sizes")) clash("compressibility", "goes with sizes");
  if (isGiven("think") && !isGiven("closed")) clash("think", "goes with closed");
  if (given.burnIn === "one" && given.interleave === "slots")
    clash("burnIn", "cannot be one beside interleave slots, where the arms of a round warm up together");
  clashes.push(...stageClashes(given.stages, isGiven));
  if (isGiven("churn") && isGiven("fanout")) clash("churn", `cannot stand beside fanout: ${whyNoRooms}`);
  if (isGiven("token") && !isGiven("behind")) clash("token", "goes with behind");
  if (isGiven("behind") && given.upstream === "as-configured")
    clash("upstream", "cannot stand beside behind: the backend is wsrally's, or the config's own");
  for (const key of unasked.filter(isGiven)) {
    if (isGiven("deflate"))
      clash(
        key,
        "cannot stand beside deflate: what compresses has no kernel stamps. Leave deflate out, or have large compressed messages come " +
          "as replies, with sizes such as 20 => 1500 in place of it",
      );
    if (given.engine === "ws")
      clash(key, "cannot stand beside engine ws, which has no kernel stamps: leave engine out, or say epoll");
    if (given.upstream === "as-configured")
      clash(
        key,
        "cannot stand beside upstream as-configured: only wsrally's own backend sends it. Leave upstream out, so that it stands behind",
      );
  }
  if (isGiven("residence")) {
    if (isGiven("deflate"))
      clash("residence", "cannot stand beside deflate: messages are told by their bytes on both sides");
    if (given.http === 2)
      clash("residence", "cannot stand beside http 2: it takes plain HTTP/1.1 on both sides");
    if (given.upstream === "as-configured")
      clash(
        "residence",
        "cannot stand beside upstream as-configured: it takes wsrally's backend, whose port is known",
      );
  }
  if (given.http === 2 && isGiven("deflate"))
    clash("deflate", "cannot stand beside http 2: its engine does not compress");
  if (given.http === 2 && (given.engine === "ws" || given.engine === "io_uring"))
    clash("engine", "cannot stand beside http 2, which epoll alone speaks: leave it out");
  return clashes;
}
