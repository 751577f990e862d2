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
  family("upstream health check", /^(health_check|check(_\w+)?)$/),
  family("NGINX Plus status", /^(status_zone|api|status|status_format)$/),
  // Every member of every upstream is wsrally's backend, so that it does not matter how one is chosen.
  family("choice of upstream server", /^(sticky|ntlm|least_time|fair|queue|upstream_conf)$/),
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
  family("LDAP, PAM or digest authentication", /^auth_(ldap|pam|digest|spnego|gss)(_\w+)?$/),
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
