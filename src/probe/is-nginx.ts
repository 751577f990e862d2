/**
 * For the checks that read nginx's directives themselves: of another proxy's config they have nothing to say.
 */
import type { ArmTarget } from "../scenario/arm.js";

type NginxTarget = Extract<ArmTarget, { readonly kind: "proxy" }> & { readonly proxy: "nginx" };

export function isNginx(target: ArmTarget): target is NginxTarget {
  return target.kind === "proxy" && target.proxy === "nginx";
}
