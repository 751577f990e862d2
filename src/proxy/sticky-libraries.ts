/**
 * Libraries that begin with plain requests and upgrade later: with several servers behind a proxy, a client of theirs
 * has to come back to the same one.
 */

/** By a part of their path. */
const libraries: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)(socket|engine)\.io(\/|$)/i, "socket.io"],
  [/(^|\/)sockjs(-node)?(\/|$)/i, "SockJS"],
  [/(^|\/)(signalr|hubs?)(\/|$)/i, "SignalR"],
  [/(^|\/)(primus|faye|cometd|bayeux)(\/|$)/i, "a library that begins with long polling"],
];

/** @returns null for a path that tells of none */
export function libraryAt(path: string): string | null {
  const [name = "/"] = path.split("?");
  return libraries.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
