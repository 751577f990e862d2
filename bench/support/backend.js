/**
 * The backends, on the backend's processor unless told otherwise: the C servers, or wsrally's own pong server where
 * there is no compiler.
 */
import { fileURLToPath } from "node:url";
import { findFreePorts } from "../../build/proxy/free-port.js";
import { serveOn } from "./child-processes.js";
import { backendCpu } from "./cpus.js";
import { untilAccepting } from "./until-accepting.js";

/** As many as LISTENERS of native/listen.h says. */
const loopbackAddresses = 64;
const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** @param wait "spin" or "sleep": see native/pong-server.c */
export function startPongServer(cPrograms, wait, cpu = backendCpu) {
  return cPrograms === null ? startOwnServer(cpu) : startCServer(cPrograms.pongServer, [wait], cpu);
}

export async function startCServer(program, args, cpu = backendCpu) {
  const { first, stop } = await serveOn(cpu, program, args);
  let turn = 0;
  return {
    port: first.port,
    stop,
    /** Another one each time: an earlier process's connections hold their ports for a minute. */
    nextAddress: () => `127.0.0.${(turn++ % loopbackAddresses) + 1}`,
  };
}

async function startOwnServer(cpu) {
  const [port] = await findFreePorts(1);
  const args = [cli, "backend", "--port", String(port)];
  const { stop } = await serveOn(cpu, process.execPath, args, { speaks: false });
  await untilAccepting(port);
  return { port, stop, nextAddress: () => "127.0.0.1" };
}
