/**
 * What a scenario varies from arm to arm: directives and workload keys by name, with each arm's value. As the matrix has
 * them; without a matrix they are read from the arms as they were resolved.
 */
import type { RunDocument } from "../../results/run-document.js";

type ScenarioArm = RunDocument["scenario"]["arms"][number];

export interface Axis {
  /** The directive, the workload key, or `arm` for different proxies or config files. */
  readonly name: string;
  readonly kind: "workload" | "arm" | "directive";
  /** In the order in which the arms first have them. */
  readonly values: readonly string[];
}

export interface ArmAxes {
  readonly axes: readonly Axis[];
  /** The axis whose values are compared, where the scenario says so. */
  readonly comparedAxis: string | null;
  /** By arm, then by axis. */
  readonly places: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** An arm that does not set a directive has the proxy's own default. */
const unset = "default";

/** What a scenario with a matrix stores of it. */
interface StoredMatrix {
  readonly axes?: readonly Axis[] | undefined;
  readonly comparedAxis?: string | null | undefined;
  readonly arms: readonly {
    readonly name: string;
    readonly cell?: Readonly<Record<string, string>> | undefined;
  }[];
}

/** Axes with at least two values. */
export function armAxes({ scenario }: RunDocument): ArmAxes {
  const { axes = [], comparedAxis = null, arms }: StoredMatrix = scenario;
  if (axes.length === 0) return derivedAxes(scenario.arms);
  return {
    axes: axes.filter(({ values }) => values.length > 1),
    comparedAxis,
    places: new Map(arms.map(({ name, cell = {} }) => [name, new Map(Object.entries(cell))])),
  };
}

/** Workload first, then arms, then directives. */
function derivedAxes(arms: readonly ScenarioArm[]): ArmAxes {
  const described = arms.map((arm) => ({
    arm: arm.name,
    workload: workloadValues(arm),
    directives: new Map(Object.entries(arm.set)),
  }));
  const keysOf = (kind: "workload" | "directives"): string[] => [
    ...new Set(described.flatMap((one) => [...one[kind].keys()])),
  ];
  const values = new Map<string, { kind: Axis["kind"]; byArm: Map<string, string> }>();
  for (const key of keysOf("workload")) {
    const byArm = new Map(described.map((one) => [one.arm, one.workload.get(key) ?? unset]));
    values.set(key, { kind: "workload", byArm });
  }
  values.set("arm", { kind: "arm", byArm: new Map(arms.map(({ name, arm }) => [name, arm])) });
  for (const key of keysOf("directives")) {
    const byArm = new Map(described.map((one) => [one.arm, one.directives.get(key) ?? unset]));
    values.set(key, { kind: "directive", byArm });
  }
  const axes = [...values]
    .map(([name, { kind, byArm }]) => ({ name, kind, values: [...new Set(byArm.values())] }))
    .filter((axis) => axis.values.length > 1);
  const places = new Map(
    arms.map(({ name }) => [
      name,
      new Map(axes.map((axis) => [axis.name, values.get(axis.name)?.byArm.get(name) ?? unset])),
    ]),
  );
  return { axes, comparedAxis: null, places };
}

/** The workload's keys as a scenario writes them: `payload`, `rate`, and every plain value by its own name. */
function workloadValues({ workload }: ScenarioArm): Map<string, string> {
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(workload)) {
    if (key === "message" && isRecord(value)) {
      values.set("payload", value.kind === "payload" ? String(value.bytes) : String(value.kind));
      if (typeof value.binary === "boolean") values.set("binary", String(value.binary));
    } else if (key === "loop" && isRecord(value)) {
      values.set("rate", value.kind === "open" ? String(value.ratePerS) : String(value.kind));
    } else if (["string", "number", "boolean"].includes(typeof value)) {
      values.set(key, String(value));
    }
  }
  return values;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
