/**
 * A hot restart: a second Envoy of the next epoch takes the sockets over from the first, which keeps its connections until
 * `--parent-shutdown-time-s` is over (https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/operations/hot_restart).
 */
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../../base/errors.js";
import type { Replacement } from "../../instance/replaceable-instance.js";
import { pollMs, type StartSpec, startLimitMs } from "../../instance/start-instance.js";
import { type EnvoyInstance, hotRestartArguments } from "./envoy-instance.js";

const baseIdFile = "base-id";

/**
 * Who starts Envoys one after the other is above them, as Envoy's own hot-restarter.py is; a line is the order for the next.
 * Of the memory that they share a file would be left behind, which Envoy names by ten times the base id.
 */
const keeper = `
rm -f ${baseIdFile}
end() {
  trap "" TERM
  kill -TERM 0
  [ ! -s ${baseIdFile} ] || rm -f "/dev/shm/envoy_shared_memory_$(cat ${baseIdFile})0"
  exit
}
trap end TERM
epoch=0
"$@" --use-dynamic-base-id --base-id-path ${baseIdFile} &
while read -r _; do
  epoch=$((epoch + 1))
  "$@" --base-id "$(cat ${baseIdFile})" --restart-epoch "$epoch" &
done
end
`;

interface EnvoyWatch extends Pick<StartSpec, "trouble"> {
  /** How many have come up. */
  starts(): number;
  /** How many words of failure there are. */
  refusals(): number;
}

export function envoyReplacement(
  instance: EnvoyInstance,
  { starts, refusals, trouble }: EnvoyWatch,
): Replacement {
  return {
    keeper,
    isReload: true,
    start: { arguments: hotRestartArguments(instance) },
    async replace(_keeper, tell) {
      const [started, refused] = [starts(), refusals()];
      tell("next");
      const deadline = performance.now() + startLimitMs;
      while (starts() === started) {
        if (refusals() > refused || performance.now() > deadline)
          throw new EnvironmentError(`Envoy's hot restart failed: ${trouble() ?? "no second Envoy came up"}`);
        await sleep(pollMs);
      }
    },
  };
}
