/** What stands between the kernel and the processor, by what Linux says of itself. Figures behind another kind differ. */
import { existsSync, readFileSync } from "node:fs";

interface Virtualisation {
  /** `none` on bare metal, else the maker and model that the firmware names, or `unnamed`. */
  readonly hypervisor: string;
  /** `docker`, `podman`, `kubernetes` …; null outside of a container, as far as can be seen. */
  readonly container: string | null;
}

/** Null where nothing can be told, as on other systems than Linux. */
export function readVirtualisation(env: NodeJS.ProcessEnv): Virtualisation | null {
  const processor = readText("/proc/cpuinfo");
  if (processor === null) return null;
  return { hypervisor: hypervisorOf(processor), container: containerOf(env) };
}

/** x86 processors say `hypervisor` among their flags; elsewhere only the firmware's names can tell. */
function hypervisorOf(processor: string): string {
  const isVirtual = /^flags\s*:.*\bhypervisor\b/m.test(processor);
  const names = ["sys_vendor", "product_name"].flatMap((file) => readText(`/sys/class/dmi/id/${file}`) ?? []);
  const words = [...new Set(names.map((name) => name.trim()).filter((name) => name !== ""))].join(" ");
  if (isVirtual) return words === "" ? "unnamed" : words;
  return /QEMU|KVM|VMware|VirtualBox|Xen|Amazon EC2|Google Compute|Virtual Machine/i.test(words)
    ? words
    : "none";
}

function containerOf(env: NodeJS.ProcessEnv): string | null {
  if (env.KUBERNETES_SERVICE_HOST !== undefined) return "kubernetes";
  if (existsSync("/.dockerenv")) return "docker";
  if (existsSync("/run/.containerenv")) return "podman";
  return env.container ?? null;
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
