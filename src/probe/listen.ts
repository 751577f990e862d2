/** Where the probe's backend listens. */
import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { EnvironmentError, messageOf } from "../base/errors.js";
import type { BehindAddress } from "../scenario/behind.js";

export const anyPort: BehindAddress = { host: "127.0.0.1", port: 0 };

/** @returns the port. @throws EnvironmentError when it cannot */
export async function listen(server: Server, { host, port }: BehindAddress): Promise<number> {
  server.listen({ port, host, backlog: 1024 });
  try {
    await once(server, "listening");
  } catch (thrown) {
    throw new EnvironmentError(
      `Cannot listen on ${host}:${port}: ${messageOf(thrown)}; a probe has a backend of its own there`,
    );
  }
  return (server.address() as AddressInfo).port;
}

/** All of them or none. @returns their ports @throws EnvironmentError naming the one that could not */
export async function listenAll(
  places: readonly { readonly server: Server; readonly address: BehindAddress }[],
): Promise<number[]> {
  const ports: number[] = [];
  try {
    for (const { server, address } of places) ports.push(await listen(server, address));
    return ports;
  } catch (thrown) {
    for (const { server } of places) server.close();
    throw thrown;
  }
}
