/**
 * The config's own upstreams, left where they are: only the files by which they are trusted, or by which Caddy shows who it is,
 * are copies.
 */
import type { JsonPath } from "../language/json-document.js";
import type { Adoption } from "./adoption.js";
import { isRecord, type Json } from "./json.js";

const files = ["client_certificate_file", "client_certificate_key_file"];
const lists = ["root_ca_pem_files", "pem_files"];

export function keepUpstreams(proxy: Json, path: JsonPath, { copy }: Adoption): void {
  const tls = isRecord(proxy.transport) ? proxy.transport.tls : undefined;
  if (!isRecord(tls)) return;
  for (const record of [tls, isRecord(tls.ca) ? tls.ca : {}]) {
    for (const key of files) if (typeof record[key] === "string") record[key] = copy(record[key], key, path);
    for (const key of lists) {
      const names = record[key];
      if (Array.isArray(names)) record[key] = names.map((name) => copy(String(name), key, path));
    }
  }
}
