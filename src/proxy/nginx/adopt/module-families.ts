/**
 * Modules that many an nginx has and another has not, and that an open WebSocket never meets. Their directives are
 * left out, with a note, where the nginx at hand does not know them.
 */
interface ModuleFamily {
  readonly module: string;
  /** Names of its directives. */
  readonly directives: RegExp;
  /** Names of its variables, empty in a run without it. */
  readonly variables: RegExp | null;
}

const families: readonly ModuleFamily[] = [
  family("headers-more", /^more_(set|clear)_(input_)?headers$/),
  family("Brotli", /^brotli(_\w+)?$/, /^brotli_ratio$/),
  family("Zstandard", /^zstd(_\w+)?$/, /^zstd_ratio$/),
  family("vhost traffic status", /^vhost_traffic_status(_\w+)?$/, /^vts_\w+$/),
  family("stub status", /^stub_status$/, /^connections_(active|reading|writing|waiting)$/),
  family("GeoIP", /^geoip_\w+$/, /^geoip_\w+$/),
  family("GeoIP2", /^geoip2(_\w+)?$/, /^geoip2_\w+$/),
  family("HTTP/3", /^(http3|quic)(_\w+)?$/, /^(http3|quic)$/),
  family(
    "OpenTelemetry",
    /^(otel|opentelemetry|opentracing|jaeger|zipkin|datadog)(_\w+)?$/,
    /^(otel|open\w+)_\w+$/,
  ),
  family("real IP", /^(set_real_ip_from|real_ip_(header|recursive))$/, /^realip_remote_(addr|port)$/),
  family("upstream health check", /^(health_check|match|check(_\w+)?)$/),
  family("NGINX Plus status", /^(status_zone|api|status|status_format|mgmt)$/),
  // Every member of every upstream is wsrally's backend, so that it does not matter how one is chosen.
  family(
    "choice of upstream server",
    /^(sticky(_\w+)?|session_sticky\w*|consistent_hash|ntlm|least_time|fair|queue|upstream_conf|upsync\w*)$/,
  ),
  family(
    "NAXSI",
    /^(SecRulesEnabled|SecRulesDisabled|LearningMode|DeniedUrl|CheckRule|MainRule|BasicRule|LibInjection\w+)$/,
  ),
  family("gunzip and static gzip", /^(gzip_static|gunzip(_\w+)?)$/),
  family("substitution", /^(subs_filter|sub_filter|replace_filter)(_\w+)?$/),
  family(
    "response filters",
    /^(addition_types|add_(before|after)_body|image_filter\w*|xslt_\w+|slice|flv|mp4(_\w+)?)$/,
  ),
  family("directory listing", /^(fancyindex(_\w+)?|random_index)$/),
  family("cache purge", /^(proxy|fastcgi|scgi|uwsgi)_cache_purge$/),
  family(
    "LDAP, PAM, token or single sign-on",
    /^(auth_(ldap|pam|digest|spnego|gss|radius|totp|jwt|oidc|require|saml)|shib_request|cas|oidc)(_\w+)?$/,
    /^(jwt|oidc)_\w+$/,
  ),
  family("ACME", /^acme_\w+$/, /^acme_\w+$/),
  family("video on demand", /^vod(_\w+)?$/, /^vod_\w+$/),
  family(
    "secure token",
    /^(secure|akamai|cloudfront|broadpeak|cht|iij|chinacache)_token(_\w+)?$/,
    /^secure_token\w*$/,
  ),
  family("PageSpeed", /^pagespeed\w*$/i),
  family("NGINX App Protect", /^app_protect\w*$/),
  family("upload progress", /^(track_uploads|upload_progress\w*|report_uploads)$/),
  family("WebDAV extensions", /^(dav_ext_\w+|dav_\w+|create_full_put_path|min_delete_depth)$/),
  family("cookie and security headers", /^(set_cookie_flag|security_headers\w*|hide_server_tokens)$/),
  family("CONNECT", /^proxy_connect(_(allow|address|bind|response|\w+_timeout))?$/),
  family("Tengine", /^(concat|trim|footer|server_(info|tag|admin)|req_status)(_\w+)?$/),
];

function family(module: string, directives: RegExp, variables: RegExp | null = null): ModuleFamily {
  return { module, directives, variables };
}

/** Null for a directive that may matter. */
export function familyOfDirective(name: string): ModuleFamily | null {
  return families.find(({ directives }) => directives.test(name)) ?? null;
}

/** @param name without its dollar sign */
export function familyOfVariable(name: string): ModuleFamily | null {
  return families.find(({ variables }) => variables?.test(name)) ?? null;
}
