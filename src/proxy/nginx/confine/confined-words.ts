/**
 * Which directives a stranger's config may use: those that are known to touch neither files, nor other hosts, nor
 * processes, whatever their words are. Others of nginx's own may have plain words, and those that wsrally does not know
 * numbers and switches only: to a module, a word may be a host's name.
 */
import { isNginxsOwn } from "../language/own-directives.js";

/** Name neither a file nor an address that nginx would open; or wsrally has put its own in their place. */
export const harmlessNames: ReadonlySet<string> = new Set(
  `absolute_redirect accept_mutex_delay access_log add_after_body add_before_body add_header
add_header_inherit add_trailer add_trailer_inherit addition_types alias allow ancient_browser
ancient_browser_value auth_basic auth_basic_user_file auth_delay auth_request auth_request_set
autoindex_format charset charset_types client_body_in_file_only client_body_temp_path client_max_body_size
default_type deny disable_symlinks early_hints echo echo_after_body echo_before_body echo_duplicate
empty_gif error_log error_page etag expires fastcgi_cache_path fastcgi_catch_stderr fastcgi_index
fastcgi_split_path_info fastcgi_temp_path gzip_disable gzip_proxied gzip_types hash if if_modified_since
index keepalive keepalive_disable keepalive_timeout least_conn least_time limit_conn limit_conn_log_level
limit_conn_zone limit_except limit_rate limit_req limit_req_log_level limit_req_zone lingering_close
location log_format mirror modern_browser modern_browser_value more_clear_headers more_clear_input_headers
more_set_headers more_set_input_headers msie_padding override_charset pid post_action proxy_cache_path
proxy_cookie_domain proxy_cookie_flags proxy_cookie_path proxy_limit_rate proxy_method proxy_redirect
proxy_set_body proxy_ssl_ciphers proxy_ssl_name proxy_ssl_protocols proxy_ssl_trusted_certificate
proxy_temp_path random real_ip_header referer_hash_max_size resolver return rewrite root satisfy
scgi_temp_path secure_link secure_link_md5 secure_link_secret server_name server_tokens set set_real_ip_from
source_charset ssi_types ssl_alpn ssl_certificate ssl_certificate_key ssl_ciphers ssl_client_certificate
ssl_crl ssl_dhparam ssl_ecdh_curve ssl_password_file ssl_protocols ssl_session_cache ssl_session_ticket_key
ssl_trusted_certificate ssl_verify_client sticky sub_filter sub_filter_types try_files upstream use userid
userid_domain userid_expires userid_flags userid_mark userid_name userid_p3p userid_path uwsgi_temp_path
valid_referers worker_cpu_affinity zone`.split(/\s+/),
);

const blocks = new Set(
  `http events server location upstream if limit_except map geo types split_clients charset_map`.split(" "),
);

/** Of the modules that pass requests on: words out of a list, headers, keys, the config's own caches. */
const passWords =
  /^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_(?:bind|cache(?:_bypass|_key|_methods|_use_stale|_valid)?|hide_header|ignore_headers|next_upstream|no_cache|param|pass_header|set_header)$/;

/** No path and no address with a dot or a port, but for numbers. */
const plain = /^$|^(?:\w+=)?(?:[\w-]+|\d+(?:\.\d+)?[a-z%]*)$/i;
/** A number, a size, a time, a share or a switch, or `key=` such a word. */
const numeric = /^$|^(?:\w+=)?(?:on|off|auto|none|-?\d+(?:\.\d+)?%?|\d+[kmg]|(?:\d+(?:ms|[smhdwy]))+)$/i;

export function isHarmless(name: string, args: readonly string[], isBlock: boolean): boolean {
  if (isBlock) return blocks.has(name);
  if (harmlessNames.has(name) || passWords.test(name)) return true;
  if (/_pass$|_file$|_dir$|^include$/.test(name)) return false;
  const fitting = isNginxsOwn(name) ? plain : numeric;
  return args.every((word) => fitting.test(word));
}

/** Left out: of no use to a WebSocket, or dangerous to the machine, and no reason to refuse a config for. */
export const leftOut: ReadonlyMap<string, string> = new Map([
  ["env", "nginx starts without the environment of the gate"],
  ["master_process", "nginx runs with a master process"],
  ["debug_points", "it would stop nginx"],
  ["debug_connection", "what it logs is of no use here"],
  ["worker_priority", "the gate's processes run at the same priority"],
  ["thread_pool", "no WebSocket needs it"],
  ["aio", "no WebSocket needs it"],
  ["ssl_ocsp", "it would ask somebody outside"],
  ["ssl_ocsp_responder", "it would ask somebody outside"],
  ["quic_host_key", "no WebSocket goes over QUIC"],
  ["ssl_ech_file", "wsrally's client does not ask for it"],
]);

/** Names of OpenSSL settings (SSL_CONF_cmd(3)) that are values, and no files. */
export const tlsCommands = new Set(
  `CipherString Ciphersuites ClientSignatureAlgorithms Curves Groups MaxProtocol MinProtocol NumTickets Options
PrioritizeChaCha RecordPadding SignatureAlgorithms`
    .toLowerCase()
    .split(/\s+/),
);

const mebibyte = 1024 ** 2;
const unitBytes: Readonly<Record<string, number>> = { "": 1, k: 1024, m: mebibyte, g: 1024 * mebibyte };
/** Memory that one directive may ask for. */
const largestBytes = 256 * mebibyte;
const takesMemory =
  /(buffers?|buffer_size|pool_size|_zone|session_cache|hash_max_size|hash_bucket_size|cache_path|busy_buffers_size)$|^zone$/;

/** The word that asks for more memory than a config has use for, or null. */
export function excessiveSize(name: string, args: readonly string[]): string | null {
  if (!takesMemory.test(name)) return null;
  const most = /hash_/.test(name) ? mebibyte : largestBytes;
  const words = /cache_path$/.test(name) ? args.filter((word) => word.startsWith("keys_zone=")) : args;
  return words.find((word) => bytesOf(word) > most) ?? null;
}

/** "16k", "shared:SSL:10m", "zone=a:1g"; 0 for what is no size. */
function bytesOf(word: string): number {
  const [, digits = "0", unit = ""] = /(?:^|[:=])(\d+)([kmg]?)$/i.exec(word) ?? [];
  return Number(digits) * (unitBytes[unit.toLowerCase()] ?? 1);
}
