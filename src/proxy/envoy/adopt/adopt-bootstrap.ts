/**
 * What ties a config to its machine as a whole: its admin page, whom it tells of itself, who tells it what to do.
 */
import { UsageError } from "../../../base/errors.js";
import { placeWords } from "../../../diagnosis/quote.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { entryOf, itemsAt, nodeAt, withField, withItems, withoutField } from "../language/config-node.js";
import { type Adoption, leaveOut } from "./adoption.js";

const leftOut: readonly (readonly [why: string, names: readonly string[]])[] = [
  ["nobody asks this copy for its state", ["admin"]],
  [
    "nobody is told of requests",
    ["stats_sinks", "tracing", "hds_config", "xds_delegate_extension", "xds_config_tracker_extension"],
  ],
  [
    "wsrally starts and stops it",
    ["flags_path", "watchdog", "watchdogs", "application_log_config", "perf_tracing_file_path"],
  ],
  [
    "it asks the machine, or another one, for something",
    [
      "dns_resolution_config",
      "typed_dns_resolver_config",
      "certificate_provider_instances",
      "default_socket_interface",
      "bootstrap_extensions",
      "fatal_actions",
    ],
  ],
];

/** @throws UsageError for one that a control plane fills */
export function adoptBootstrap(tree: ConfigMap, adoption: Adoption): ConfigMap {
  const without = leftOut.reduce((map, [why, names]) => {
    const own = adoption.keepsUpstream ? names.filter((name) => !/dns/.test(name)) : names;
    return leaveOut(map, own, why, adoption);
  }, tree);
  return withoutEventLog(withoutRuntimeFiles(withoutControlPlane(without, adoption), adoption), adoption);
}

function withoutControlPlane(tree: ConfigMap, adoption: Adoption): ConfigMap {
  const entry = entryOf(tree, "dynamic_resources");
  if (entry === null) return tree;
  const { value } = entry;
  const left = ["lds_config", "cds_config", "ads_config"].filter((name) => nodeAt(value, name) !== null);
  const has = (list: string): boolean => itemsAt(tree, "static_resources", list).length > 0;
  if (left.includes("lds_config") && !has("listeners"))
    throw new UsageError(
      `Cannot adopt ${placeWords(entryOf(value, "lds_config")?.place ?? entry.place)}: its listeners come from a control plane, which wsrally does not ask; ` +
        "want a config whose listeners stand in it or in a file, such as the one that /config_dump shows",
    );
  for (const name of left)
    adoption.note(`\`${name}\` was left out: no control plane is asked`, entryOf(value, name)?.place ?? null);
  return withoutField(tree, "dynamic_resources");
}

/** Layers that stand in the config itself stay. */
function withoutRuntimeFiles(tree: ConfigMap, adoption: Adoption): ConfigMap {
  const runtime = nodeAt(tree, "layered_runtime");
  if (runtime?.kind !== "map")
    return leaveOut(tree, ["runtime"], "it names folders of its machine", adoption);
  const changed = withItems(runtime, "layers", (layer) => {
    if (nodeAt(layer, "static_layer") !== null) return [layer];
    adoption.note("A layer of `layered_runtime` was left out: it comes from elsewhere", layer.place);
    return [];
  });
  return changed === runtime ? tree : withField(tree, "layered_runtime", changed);
}

function withoutEventLog(tree: ConfigMap, adoption: Adoption): ConfigMap {
  const manager = nodeAt(tree, "cluster_manager");
  const outlier = nodeAt(manager, "outlier_detection");
  if (manager?.kind !== "map" || outlier?.kind !== "map") return tree;
  const changed = leaveOut(outlier, ["event_log_path", "event_service"], "the log is wsrally's", adoption);
  return changed === outlier
    ? tree
    : withField(tree, "cluster_manager", withField(manager, "outlier_detection", changed));
}
