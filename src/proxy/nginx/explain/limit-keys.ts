/**
 * Who shares a limit, by the key that it is counted for.
 */
export interface SharedLimit {
  readonly cause: string;
  /** For the zone, where it is not counted by address; null where it is, or where it is somebody's choice. */
  readonly betterKey: string | null;
}

const address =
  /\$\{?(binary_remote_addr|remote_addr|realip_remote_addr|proxy_protocol_addr|http_(x_forwarded_for|x_real_ip|cf_connecting_ip|true_client_ip))\}?/;
const ofServer =
  /\$\{?(server_name|host|http_host|server_addr|server_port|hostname|scheme|document_root|uri|request_uri)\}?/;
const better = "$binary_remote_addr";

/** @param by as the zone has it */
export function sharedBy(by: string): SharedLimit {
  if (address.test(by)) return { cause: "browsers behind one address share the number", betterKey: null };
  if (!by.includes("$"))
    return { cause: "all clients share the number: the key holds nothing of them", betterKey: better };
  if (!ofServer.test(by)) return { cause: `whoever has the same ${by} shares the number`, betterKey: null };
  const what = /uri/.test(by) ? "a path" : "the server";
  return {
    cause: `all clients of ${what} share the number: ${by} is no address of theirs`,
    betterKey: better,
  };
}
