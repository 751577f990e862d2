/**
 * Every directive that a stranger's config may use with words of its own, as nginx takes it: where it stands, and its words.
 */

export type Context = "main" | "events" | "http" | "upstream" | "server" | "location";

export interface PlacedLine {
  readonly context: Context;
  readonly line: string;
}

interface DirectiveForm {
  readonly context: Context;
  readonly name: string;
  readonly args: readonly string[];
  /** What stands in the braces; null where there are none. */
  readonly block: string | null;
}

const written: Readonly<Record<Context, string>> = {
  main: `
    error_log error.log info
    error_log syslog:server=10.0.0.1 info
    pid nginx.pid
    worker_cpu_affinity 0101`,
  events: `
    accept_mutex_delay 500ms
    use epoll`,
  http: `
    client_body_temp_path temp 1
    fastcgi_cache_path /cache keys_zone=fast:1m inactive=1h
    fastcgi_temp_path temp 1
    limit_conn_zone $remote_addr zone=other_connections:1m
    limit_req_zone $remote_addr zone=other_requests:1m rate=1r/s
    log_format short $uri
    proxy_cache_path /cache keys_zone=slower:1m inactive=1h
    proxy_temp_path temp 1
    scgi_temp_path temp 1
    upstream other { server a; }
    uwsgi_temp_path temp 1`,
  upstream: `
    hash $uri consistent
    keepalive 16
    least_conn
    least_time header
    random two least_conn
    sticky cookie name
    zone members 64k`,
  server: `
    listen 127.0.0.1:81
    location /other {}
    real_ip_header X-Forwarded-For
    referer_hash_max_size 512
    server_name app.test
    set_real_ip_from 10.0.0.0/8
    ssl_alpn http/1.1
    ssl_certificate a.pem
    ssl_certificate_key a.key
    ssl_ciphers HIGH
    ssl_client_certificate a.pem
    ssl_crl a.pem
    ssl_dhparam a.pem
    ssl_ecdh_curve auto
    ssl_password_file a.pass
    ssl_protocols TLSv1.2
    ssl_session_cache shared:tls:1m
    ssl_session_ticket_key a.key
    ssl_trusted_certificate a.pem
    ssl_verify_client optional
    resolver 10.0.0.1 valid=30s`,
  location: `
    absolute_redirect on
    access_log access.log combined
    access_log syslog:server=10.0.0.1,facility=user combined
    add_after_body /a
    add_before_body /a
    add_header X-A b always
    add_header_inherit on
    add_trailer X-A b always
    add_trailer_inherit on
    addition_types text/html
    alias /srv/
    allow 10.0.0.0/8
    ancient_browser Links
    ancient_browser_value a
    auth_basic realm
    auth_basic_user_file users
    auth_delay 1s
    auth_request /a
    auth_request_set $a b
    autoindex_format html
    charset utf-8
    charset_types text/html
    client_body_in_file_only clean
    client_max_body_size 1m
    default_type text/html
    deny 10.0.0.0/8
    disable_symlinks if_not_owner from=/srv
    early_hints $arg_a
    echo a
    echo_after_body a
    echo_before_body a
    echo_duplicate 2 a
    empty_gif
    error_page 404 =200 /a
    etag on
    expires modified 1h
    fastcgi_bind 127.0.0.1
    fastcgi_catch_stderr a
    fastcgi_index index.php
    fastcgi_param A b
    fastcgi_pass 10.0.0.1:9000
    fastcgi_split_path_info ^(.+)(/.*)$
    memcached_pass 10.0.0.1:11211
    grpc_pass grpc://10.0.0.1:9000
    grpc_set_header X-A b
    gzip_disable msie6
    gzip_proxied any
    gzip_types text/css
    if ($arg_a) {}
    if_modified_since exact
    index index.html
    keepalive_disable msie6
    keepalive_timeout 1s 2s
    limit_conn connections 10
    limit_conn_log_level info
    limit_except GET {}
    limit_rate 1m
    limit_req zone=requests burst=5
    limit_req_log_level info
    lingering_close on
    memcached_bind 127.0.0.1
    mirror /a
    modern_browser msie 5.5
    modern_browser_value a
    more_clear_headers X-A
    more_clear_input_headers X-A
    more_set_headers X-A:b
    more_set_input_headers X-A:b
    msie_padding on
    override_charset on
    post_action /a
    proxy_bind 127.0.0.1 transparent
    proxy_cache slow
    proxy_cache_bypass $arg_a
    proxy_cache_key $uri
    proxy_cache_methods GET
    proxy_cache_use_stale error
    proxy_cache_valid 200 1m
    proxy_cookie_domain a.test b.test
    proxy_cookie_flags a secure
    proxy_cookie_path /a /b
    proxy_hide_header X-A
    proxy_ignore_headers Expires
    proxy_limit_rate 1m
    proxy_method GET
    proxy_next_upstream error
    proxy_no_cache $arg_a
    proxy_pass http://10.0.0.1:80/a
    proxy_pass_header Server
    proxy_redirect /a /b
    proxy_set_body a
    proxy_set_header X-A b
    proxy_ssl_ciphers HIGH
    proxy_ssl_name app.test
    proxy_ssl_protocols TLSv1.2
    proxy_ssl_trusted_certificate a.pem
    return 302 http://app.test/
    rewrite ^/a$ /b last
    root /srv
    satisfy any
    scgi_param A b
    scgi_pass 10.0.0.1:9000
    secure_link $arg_a
    secure_link_md5 a$uri
    secure_link_secret a
    server_tokens build
    set $a b
    source_charset utf-8
    ssi_types text/html
    sub_filter a b
    sub_filter_types text/html
    try_files $uri =404
    tunnel_pass 10.0.0.1:80
    userid on
    userid_domain app.test
    userid_expires 1d
    userid_flags secure
    userid_mark a
    userid_name a
    userid_p3p a
    userid_path /a
    uwsgi_param A b
    uwsgi_pass uwsgi://10.0.0.1:9000
    valid_referers none app.test`,
};

export const directiveForms: readonly DirectiveForm[] = Object.entries(written).flatMap(([context, lines]) =>
  lines
    .trim()
    .split("\n")
    .map((line) => {
      const [, words = "", block = null] = /^([^{]*?)(?: \{(.*)\})?$/.exec(line.trim()) ?? [];
      const [name = "", ...args] = words.split(" ");
      return { context: context as Context, name, args, block };
    }),
);

/** The directive with a name in the place of every word of its own, as a text and as a URL where it has one. */
export function withName({ name, args, block }: DirectiveForm, host: string): string[] {
  const end = block === null ? ";" : ` {${block}}`;
  return args.flatMap((word, place) => {
    const [, before = "", after = ""] = /^(\w+:\/\/|\w+:\w+=|\w+=|)[^/:]*(.*)$/.exec(word) ?? [];
    const words = new Set([host, `${before}${host}`, `${before}${host}${after}`]);
    return [...words].map((one) => `${name} ${args.with(place, one).join(" ")}${end}`);
  });
}

function keyOf(line: string): string {
  return line.startsWith("ssl_certificate ") ? "ssl_certificate_key a.key;" : "";
}

/** A whole config with lines where they belong, each on a line and in a block of its own. */
export function configWith(lines: readonly PlacedLine[]): string {
  const at = (place: Context, wrap: (line: string, index: number) => string): string =>
    lines
      .filter(({ context }) => context === place)
      .map(({ line }, index) => wrap(line, index))
      .join("\n");
  const itself = (line: string): string => line;
  return `${at("main", itself)}
events {
  worker_connections 64;
  ${at("events", itself)}
}
http {
  ${at("http", itself)}
  ${at("upstream", (line, index) => `upstream g${index} { zone g${index} 64k; server app.internal:80; ${line} }`)}
  ${at("server", (line, index) => `server { listen 127.0.0.1:${1000 + index}; ${line} ${keyOf(line)} }`)}
  limit_conn_zone $host zone=connections:1m;
  limit_req_zone $host zone=requests:1m rate=100r/s;
  proxy_cache_path /cache keys_zone=slow:1m;
  upstream group { server app.internal:80; }
  server {
    listen 80;
    set $memcached_key a;
    ${at("location", (line, index) => `location /l${index} { ${line} }`)}
    location / {
      proxy_pass http://group;
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
    }
  }
}
`;
}
