/**
 * TCP ports of the loopback address that nobody listens on at this moment. Somebody may take one before it is used,
 * so whoever binds it must be ready to try another.
 */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** Ports that differ from each other: all are held until the last one is found. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    for (const server of servers) {
      server.listen({ port: 0, host: "127.0.0.1" });
      await once(server, "listening");
    }
    return servers.map((server) => (server.address() as AddressInfo).port);
  } finally {
    await Promise.all(servers.filter((server) => server.listening).map(closed));
  }
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
