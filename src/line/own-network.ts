/**
 * What a line takes of a machine: a network namespace of its own and a TUN device, with an answer for who may not have them.
 */
import { accessSync, constants } from "node:fs";
import { codeOf, EnvironmentError, messageOf } from "../base/errors.js";
import { isLinuxLayerAvailable } from "../linux/linux-layer.js";
import { enterOwnNetwork, type OwnNetwork } from "../linux/network-namespace.js";
import { tunFile } from "../linux/tun-device.js";
import { type KernelSettings, readKernelSettings } from "./kernel-settings.js";

/** One clear line, and what can be done without. */
export function noLine(reason: string): EnvironmentError {
  return new EnvironmentError(
    `Cannot delay, lose or cut off what goes between clients and proxy: ${reason}. Without root \`unshare -Urn wsrally …\` ` +
      "does, where users may have namespaces, for proxies that do not change their user; the other events, slow-readers, " +
      "storm and backend-down among them, need no root.",
  );
}

/** One after the other: two that overlap would each lead the thread back to where the other was. */
let before: Promise<unknown> = Promise.resolve();

/**
 * Does the work in a network namespace of its own: what this thread opens and starts meanwhile is in there. Who comes
 * while another is at work waits.
 * @param work is given what of the kernel's settings the machine's owner may have changed
 * @throws EnvironmentError where this machine lets nobody, or not this user, have a line
 */
export async function inLineNetwork<Result>(
  work: (kernel: KernelSettings) => Promise<Result>,
): Promise<Result> {
  const turn = before.then(async () => {
    const kernel = readKernelSettings();
    const network = enterLineNetwork();
    try {
      return await work(kernel);
    } finally {
      network.leave();
    }
  });
  before = turn.catch(() => undefined);
  return turn;
}

function enterLineNetwork(): OwnNetwork {
  const layer = isLinuxLayerAvailable();
  if (!layer.available) throw noLine(`it takes Linux and its system calls (${layer.reason})`);
  try {
    accessSync(tunFile, constants.R_OK | constants.W_OK);
  } catch (thrown) {
    throw noLine(
      codeOf(thrown) === "ENOENT"
        ? `there is no ${tunFile} (\`modprobe tun\` makes it; for a container \`--device ${tunFile}\`)`
        : `${tunFile} is not for this user, and takes root (${messageOf(thrown)})`,
    );
  }
  try {
    return enterOwnNetwork();
  } catch (thrown) {
    throw noLine(
      `a network namespace of its own takes root, in a container \`--cap-add SYS_ADMIN --cap-add NET_ADMIN\` ` +
        `(${messageOf(thrown)})`,
    );
  }
}
