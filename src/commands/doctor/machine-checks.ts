/**
 * What the machine lets be measured, judged from what was read of it: what a load of the usual size needs, and what
 * would raise the limit.
 */
import type { MachineLimits } from "../../diagnosis/limit.js";
import type { LayerAvailability } from "../../linux/linux-layer.js";
import { concurrentHandshakes } from "../../load/opener.js";
import { compareVersions } from "../../proxy/program/program-spec.js";
import type { Check } from "../../results/doctor-schema.js";
import { planPlacement } from "../../trial/placement.js";
import { mostSources, spareFiles } from "../../trial/scale.js";

export interface MachineFacts {
  readonly node: string;
  readonly layer: LayerAvailability;
  readonly ioUring: LayerAvailability;
  readonly openSsl: LayerAvailability;
  /** Why no connection within this machine comes about; null where it does. */
  readonly loopbackTrouble: string | null;
  /** That may be used; null where it cannot be told. */
  readonly cpus: readonly number[] | null;
  readonly limits: MachineLimits;
  readonly mayUseRealTime: boolean;
  /** Files of /proc that cost is read from and that cannot be read. */
  readonly hiddenFiles: readonly string[];
}

const leastNode = "20.19";
/** Unless `--connections` says another number. */
const usualConnections = 1000;

export function checkMachine(facts: MachineFacts): Check[] {
  return [
    nodeCheck(facts),
    loopbackCheck(facts),
    layerCheck(facts),
    stampsCheck(facts),
    ioUringCheck(facts),
    processorsCheck(facts),
    filesCheck(facts),
    portsCheck(facts),
    backlogCheck(facts),
    realTimeCheck(facts),
    procCheck(facts),
  ];
}

/** False where no load could run at all. */
export function canMeasure(checks: readonly Check[]): boolean {
  return !checks.some(
    ({ check, status }) => status === "missing" && (check === "node" || check === "loopback"),
  );
}

function ok(check: string, says: string): Check {
  return { check, status: "ok", says, cure: null };
}

function nodeCheck({ node }: MachineFacts): Check {
  const says = `Node ${node}`;
  if (compareVersions(node, leastNode) >= 0) return ok("node", says);
  return { check: "node", status: "missing", says, cure: `install Node ${leastNode} or newer` };
}

function loopbackCheck({ loopbackTrouble }: MachineFacts): Check {
  if (loopbackTrouble === null) return ok("loopback", "programs reach each other over 127.0.0.1");
  return {
    check: "loopback",
    status: "missing",
    says: `nothing can be measured: 127.0.0.1 takes no connections (${loopbackTrouble})`,
    cure: "ip link set lo up, or a sandbox that allows sockets",
  };
}

function layerCheck({ layer }: MachineFacts): Check {
  if (layer.available) return ok("linux-layer", "system calls by koffi: light engines, placement, limits");
  return {
    check: "linux-layer",
    status: "missing",
    says: `${layer.reason}: the ws engine alone, which is heavier, and neither wire times nor placement`,
    cure: layer.reason.startsWith("koffi")
      ? "install wsrally again on this machine: npm ci, without --omit=optional"
      : "measure on Linux, on x64 or arm64",
  };
}

function stampsCheck({ layer, openSsl }: MachineFacts): Check {
  if (!layer.available)
    return {
      check: "kernel-stamps",
      status: "missing",
      says: "no wire times: verdicts rest on round trips",
      cure: "see linux-layer",
    };
  if (openSsl.available)
    return ok("kernel-stamps", "replies are stamped by the kernel, with TLS and without");
  return {
    check: "kernel-stamps",
    status: "warning",
    says: `no wire times with TLS: ${openSsl.reason}`,
    cure: "a Node that carries its own OpenSSL, as those of nodejs.org do",
  };
}

function ioUringCheck({ ioUring }: MachineFacts): Check {
  if (ioUring.available) return ok("io-uring", "closed loops run on io_uring");
  return {
    check: "io-uring",
    status: "missing",
    says: `${ioUring.reason}; epoll serves`,
    cure: /forbidden/.test(ioUring.reason)
      ? "sysctl -w kernel.io_uring_disabled=0; in a container a seccomp profile that allows io_uring_setup"
      : null,
  };
}

function processorsCheck({ cpus }: MachineFacts): Check {
  const check = "processors";
  if (cpus === null)
    return { check, status: "warning", says: "nothing can be placed on processors", cure: "see linux-layer" };
  const { proxy, generator, backend } = planPlacement(cpus, 1, "auto");
  if (proxy === null || generator === null || backend === null)
    return {
      check,
      status: "warning",
      says: "one processor, which proxy, generator and backend share: they take each other's time",
      cure: "two processors or more, such as docker run --cpuset-cpus 0-3",
    };
  const shared = generator.join() === backend.join();
  const others = shared
    ? `generator and backend share ${generator.join(", ")}`
    : `the generator ${generator.join(", ")}, the backend ${backend.join(", ")}`;
  return ok(check, `${cpus.length}: a proxy of one worker gets ${proxy.join(", ")}, ${others}`);
}

function filesCheck({ limits: { maxOpenFiles } }: MachineFacts): Check {
  const check = "open-files";
  if (maxOpenFiles === null)
    return { check, status: "warning", says: "the limit cannot be told", cure: null };
  const fits = Math.max(0, Math.floor((maxOpenFiles - spareFiles) / 2));
  const says = `${count(maxOpenFiles)} a process: about ${count(fits)} connections for each worker of a proxy`;
  return fits >= usualConnections
    ? ok(check, says)
    : { check, status: "warning", says, cure: "ulimit -Hn 65536 (as root), or LimitNOFILE= of the service" };
}

function portsCheck({ limits: { ephemeralPorts } }: MachineFacts): Check {
  const check = "ephemeral-ports";
  if (ephemeralPorts === null)
    return { check, status: "warning", says: "their number cannot be told", cure: null };
  const says = `${count(ephemeralPorts)} to each address; of this machine's own up to ${mostSources} are used`;
  return ephemeralPorts > usualConnections
    ? ok(check, says)
    : { check, status: "warning", says, cure: "sysctl -w net.ipv4.ip_local_port_range='1024 65535'" };
}

function backlogCheck({ limits: { listenBacklog } }: MachineFacts): Check {
  const check = "listen-queue";
  if (listenBacklog === null)
    return { check, status: "warning", says: "its length cannot be told", cure: null };
  const says = `${count(listenBacklog)} connections may wait to be accepted (somaxconn)`;
  return listenBacklog >= concurrentHandshakes
    ? ok(check, says)
    : { check, status: "warning", says, cure: "sysctl -w net.core.somaxconn=4096" };
}

function realTimeCheck({ mayUseRealTime }: MachineFacts): Check {
  if (mayUseRealTime) return ok("real-time", "a proxy may run before whatever else wants its processors");
  return {
    check: "real-time",
    status: "missing",
    says: "no right to real-time priority: other programs make p99 vary more",
    cure: "run as root, with CAP_SYS_NICE (docker run --cap-add SYS_NICE), or with ulimit -r 1",
  };
}

function procCheck({ hiddenFiles }: MachineFacts): Check {
  if (hiddenFiles.length === 0) return ok("proc", "processor time and memory of a proxy are read from /proc");
  return {
    check: "proc",
    status: "missing",
    says: `cannot read ${hiddenFiles.join(", ")}: what a proxy costs is told in part or not at all`,
    cure: "a mounted /proc, without hidepid, of a kernel with CONFIG_SCHEDSTATS and CONFIG_PROC_PAGE_MONITOR",
  };
}

function count(value: number): string {
  return value.toLocaleString("en");
}
