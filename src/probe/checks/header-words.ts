/**
 * A header of the opening handshake as the backend got it, and the line of nginx's config that sets it.
 */
import type { ConfigView } from "../../proxy/nginx/explain/config-view.js";
import { headerNamed } from "../../proxy/nginx/explain/explain-upgrade.js";
import { placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { valuesOf } from "../../websocket/header-fields.js";
import type { ProbeContext } from "../probe-context.js";

/** Null where it did not arrive. */
export function received({ opening }: ProbeContext, name: string): string | null {
  const values = valuesOf(opening.backend?.request?.fields ?? [], name);
  return values.length === 0 ? null : values.join(", ");
}

/** @param header in lower case */
export function setAt(view: ConfigView | null, header: string): string | null {
  const found = headerNamed(view?.effective("proxy_set_header") ?? [], header);
  return found === undefined
    ? null
    : `\`proxy_set_header ${found.args.join(" ")}\` at ${placeOf(found.origin)}`;
}
