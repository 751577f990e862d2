/** The C servers, on the backend's processor unless told otherwise. */
import { serveOn } from "./child-processes.js";
import { backendCpu } from "./cpus.js";

/** As many as LISTENERS of native/listen.h says. */
const loopbackAddresses = 64;

export async function startBackend(program, args = ["spin"], cpu = backendCpu) {
  const { pid, first, stop } = await serveOn(cpu, program, args);
  let turn = 0;
  return {
    pid,
    port: first.port,
    stop,
    /** Another one each time: an earlier process's connections hold their ports for a minute. */
    nextAddress: () => `127.0.0.${(turn++ % loopbackAddresses) + 1}`,
  };
}
