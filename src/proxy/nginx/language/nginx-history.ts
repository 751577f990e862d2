/**
 * What of nginx's config language came, or went, with which version (its CHANGES, 1.15 to 1.31), and what to write where
 * it is not to be had.
 */

export interface HistoryEntry {
  readonly directive: string;
  /** Of the directive's words the one that came or went; none where it is the directive itself. */
  readonly word?: RegExp;
  /** The block that the directive came to; none for wherever it may stand. */
  readonly within?: string;
  /** The first version that takes it. */
  readonly since?: string;
  /** The first version that takes it no more. */
  readonly until?: string;
  /** What to do on another version, as a cure. */
  readonly instead: string;
  /** Of `listen`: what says the same on another version. */
  readonly listenWord?: string;
  /** Whether an open WebSocket never meets it, so that it can be left out. */
  readonly isNeverMet?: true;
}

const leaveOut = "leave it out, or use a newer nginx";
const newer = "use a newer nginx";
/** The line follows. */
export const withoutWord = "take the word out";

function came(since: string, names: string, instead: string = newer): HistoryEntry[] {
  return names.split(" ").map((directive) => ({ directive, since, instead }));
}

/** Those that a WebSocket never meets. */
function cameAside(since: string, names: string): HistoryEntry[] {
  return came(since, names, leaveOut).map((entry) => ({ ...entry, isNeverMet: true }));
}

export const nginxHistory: readonly HistoryEntry[] = [
  ...came("1.31.3", socketBuffers("proxy"), leaveOut),
  ...cameAside("1.31.3", ["fastcgi", "grpc", "scgi", "uwsgi"].map(socketBuffers).join(" ")),
  ...cameAside("1.31.3", "xml_external_entities"),
  ...came("1.31.0", "tunnel_pass least_time"),
  ...came("1.29.8", "max_headers", leaveOut),
  ...came("1.29.6", "sticky", "to keep a client with its server:\nip_hash;"),
  ...came("1.29.4", "ssl_ech_file", leaveOut),
  ...cameAside("1.29.3", "add_header_inherit add_trailer_inherit"),
  ...cameAside("1.29.1", "ssl_certificate_compression"),
  ...cameAside("1.29.0", "early_hints"),
  ...cameAside("1.27.4", "keepalive_min_timeout ssl_object_cache_inheritable ssl_certificate_cache"),
  ...cameAside(
    "1.27.4",
    "proxy_ssl_certificate_cache grpc_ssl_certificate_cache uwsgi_ssl_certificate_cache",
  ),
  ...cameAside("1.27.2", "proxy_pass_trailers"),
  { directive: "http2", since: "1.25.1", instead: "say it in listen, or leave it out", listenWord: "http2" },
  ...cameAside("1.25.0", "http3 http3_hq http3_max_concurrent_streams http3_stream_buffer_size"),
  ...cameAside("1.25.0", "quic_retry quic_gso quic_host_key quic_active_connection_id_limit quic_bpf"),
  ...cameAside("1.19.10", "keepalive_time"),
  ...came(
    "1.19.4",
    "ssl_conf_command proxy_ssl_conf_command grpc_ssl_conf_command uwsgi_ssl_conf_command",
    "leave it out: ssl_ciphers and ssl_protocols say what this nginx can be told",
  ),
  ...came(
    "1.19.4",
    "ssl_reject_handshake",
    "a certificate of any kind in that server, and instead of the line:\nreturn 444;",
  ),
  ...came(
    "1.19.3",
    "proxy_cookie_flags",
    'the same by proxy_cookie_path:\nproxy_cookie_path / "/; Secure; HttpOnly";',
  ),
  ...cameAside("1.19.3", "userid_flags"),
  ...came("1.19.0", "ssl_ocsp ssl_ocsp_cache ssl_ocsp_responder", leaveOut),
  ...cameAside("1.17.10", "auth_delay"),
  ...came("1.17.6", "limit_conn_dry_run", leaveOut),
  ...came("1.17.1", "limit_req_dry_run", leaveOut),
  ...came("1.15.6", "proxy_socket_keepalive", leaveOut),
  ...came("1.15.3", "ssl_early_data", leaveOut),
  ...came("1.15.1", "random", "least_conn;"),
  ...["resolver", "resolver_timeout"].map((directive) => ({
    directive,
    within: "upstream",
    since: "1.27.3",
    instead: `in http { }:\n${directive} …;`,
  })),
  ...["keepalive_timeout", "keepalive_requests"].map((directive) => ({
    directive,
    within: "upstream",
    since: "1.15.3",
    instead: leaveOut,
  })),
  { directive: "ssl", until: "1.25.1", instead: "say it in listen", listenWord: "ssl" },
  {
    directive: "limit_zone",
    until: "1.7.6",
    instead: "limit_conn_zone $binary_remote_addr zone=NAME:10m;",
  },
  ...["spdy_headers_comp", "spdy_chunk_size"].map((directive) => ({
    directive,
    until: "1.9.5",
    instead: "take the line out: HTTP/2 took SPDY's place",
    isNeverMet: true as const,
  })),
  {
    directive: "listen",
    word: /^spdy$/,
    until: "1.9.5",
    instead: "take the word out: HTTP/2 took SPDY's place",
  },
  { directive: "listen", word: /^quic$/, since: "1.25.0", instead: leaveOut, isNeverMet: true },
  { directive: "listen", word: /^multipath$/, since: "1.29.7", instead: withoutWord },
  {
    directive: "server",
    word: /^(resolve|service=.*)$/,
    within: "upstream",
    since: "1.27.3",
    instead:
      "a variable, whose name is looked up at requests, or a newer nginx:\nresolver 127.0.0.11;\nset $app app:80;\nproxy_pass http://$app;",
  },
  {
    directive: "server",
    word: /^(route=.*|drain)$/,
    within: "upstream",
    since: "1.29.6",
    instead: withoutWord,
  },
  { directive: "keepalive", word: /^local$/, since: "1.29.7", instead: withoutWord },
  {
    directive: "proxy_http_version",
    word: /^2$/,
    since: "1.29.4",
    instead: "a WebSocket needs HTTP/1.1 to its upstream in any case:\nproxy_http_version 1.1;",
  },
  { directive: "resolver", word: /^ipv4=/, since: "1.23.1", instead: withoutWord },
  ...["proxy", "fastcgi", "scgi", "uwsgi"].map((passed) => ({
    directive: `${passed}_cache_path`,
    word: /^min_free=/,
    since: "1.19.1",
    instead: withoutWord,
    isNeverMet: true as const,
  })),
];

function socketBuffers(passed: string): string {
  return `${passed}_socket_sndbuf ${passed}_socket_rcvbuf`;
}

/** Variables by the version they came with. */
export const variablesSince: Readonly<Record<string, string>> = {
  ssl_sigalgs: "1.31.2",
  request_port: "1.29.3",
  is_request_port: "1.29.3",
  ssl_sigalg: "1.29.3",
  ssl_client_sigalg: "1.29.3",
  http3: "1.25.0",
  quic: "1.25.0",
  ssl_curve: "1.21.5",
  ssl_alpn_protocol: "1.21.4",
  connection_time: "1.19.10",
  limit_req_status: "1.17.6",
  limit_conn_status: "1.17.6",
  proxy_protocol_server_addr: "1.17.6",
  proxy_protocol_server_port: "1.17.6",
  upstream_bytes_sent: "1.15.8",
  ssl_early_data: "1.15.3",
};
