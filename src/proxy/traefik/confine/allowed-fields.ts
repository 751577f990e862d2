/**
 * Which fields a stranger's config may use: those that are known to touch neither files, nor other hosts, nor code, or whose
 * files and addresses are wsrally's own by now. Everything else is left out or refused.
 *
 * `field` is a value or a list of such; `field:Part` is checked as that part; `field:{Part}` is a map of the user's own names
 * to such parts; `field:words` a map of names to values; `field:file`, `field:url`, `field:address` are wsrally's own.
 */

export type FieldRule = string;

interface Field {
  /** As Traefik's documentation writes it. */
  readonly name: string;
  readonly rule: FieldRule;
}

/** By their names in small letters. */
function fields(text: string): ReadonlyMap<string, Field> {
  return new Map(
    text
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => {
        const [name = "", rule = "value"] = word.split(":");
        return [name.toLowerCase(), { name, rule }];
      }),
  );
}

const sticky = fields(`cookie:Cookie`);

export const parts: Readonly<Record<string, ReadonlyMap<string, Field>>> = {
  Install: fields(`global:Global log:Log ping:Ping entryPoints:{EntryPoint} providers:Providers core:Core
    experimental:Experimental serversTransport:Transport`),
  Global: fields(`checkNewVersion sendAnonymousUsage`),
  Log: fields(`level format`),
  Ping: fields(`manualRouting`),
  Providers: fields(`providersThrottleDuration file:FileProvider`),
  FileProvider: fields(`filename:file watch`),
  Core: fields(`defaultRuleSyntax`),
  Experimental: fields(`fastProxy:FastProxy`),
  FastProxy: fields(`debug`),
  EntryPoint:
    fields(`address:address asDefault reusePort transport:EntryTransport forwardedHeaders:ForwardedHeaders
    http:EntryHttp http2:Http2`),
  EntryTransport: fields(`lifeCycle:LifeCycle respondingTimeouts:RespondingTimeouts keepAliveMaxTime
    keepAliveMaxRequests`),
  LifeCycle: fields(`graceTimeOut`),
  RespondingTimeouts: fields(`readTimeout writeTimeout idleTimeout`),
  ForwardedHeaders: fields(`insecure trustedIPs connection notAppendXForwardedFor`),
  Http2: fields(`maxConcurrentStreams maxDecoderHeaderTableSize maxEncoderHeaderTableSize`),
  EntryHttp: fields(`middlewares redirections:Redirections tls:RouterTls encodeQuerySemicolons sanitizePath
    maxHeaderBytes encodedCharacters:EncodedCharacters aliasHeadersStrategy`),
  EncodedCharacters:
    fields(`allowEncodedSlash allowEncodedBackSlash allowEncodedNullCharacter allowEncodedSemicolon
    allowEncodedPercent allowEncodedQuestionMark allowEncodedHash`),
  Redirections: fields(`entryPoint:RedirectTo`),
  RedirectTo: fields(`to scheme permanent priority`),
  RouterTls: fields(`options passthrough`),
  Routing: fields(`http:Http tcp:Tcp tls:Tls`),
  Http: fields(`routers:{Router} services:{Service} middlewares:{Middleware} serversTransports:{Transport}`),
  Router: fields(`entryPoints middlewares service rule ruleSyntax priority tls:RouterTls`),
  Service: fields(`loadBalancer:Balancer weighted:Weighted highestRandomWeight:Weighted mirroring:Mirroring
    failover:Failover`),
  Balancer:
    fields(`servers:Server sticky:Sticky passHostHeader responseForwarding:ResponseForwarding serversTransport
    strategy terminationDelay`),
  ResponseForwarding: fields(`flushInterval`),
  Server: fields(`url:url address:url weight preservePath`),
  Sticky: sticky,
  Cookie: fields(`name secure httpOnly sameSite maxAge path domain`),
  Weighted: fields(`services:WeightedService sticky:Sticky`),
  WeightedService: fields(`name weight`),
  Mirroring: fields(`service mirrorBody maxBodySize`),
  Failover: fields(`service fallback`),
  Transport:
    fields(`serverName insecureSkipVerify rootCAs:file maxIdleConnsPerHost forwardingTimeouts:Timeouts
    disableHTTP2 cipherSuites minVersion maxVersion`),
  Timeouts: fields(`dialTimeout responseHeaderTimeout idleConnTimeout readIdleTimeout pingTimeout`),
  Middleware:
    fields(`addPrefix:AddPrefix stripPrefix:StripPrefix stripPrefixRegex:Regex replacePath:ReplacePath
    replacePathRegex:Regex chain:Chain ipWhiteList:IpList ipAllowList:IpList headers:Headers errors:Errors
    rateLimit:RateLimit redirectRegex:Regex redirectScheme:RedirectScheme basicAuth:Auth digestAuth:Auth
    inFlightReq:InFlightReq inFlightConn:InFlightReq buffering:Buffering circuitBreaker:CircuitBreaker
    compress:Compress passTLSClientCert:PassClient retry:Retry contentType:ContentType grpcWeb:GrpcWeb
    encodedCharacters:EncodedCharacters`),
  AddPrefix: fields(`prefix`),
  StripPrefix: fields(`prefixes forceSlash`),
  Regex: fields(`regex replacement permanent`),
  ReplacePath: fields(`path`),
  Chain: fields(`middlewares`),
  IpList: fields(`sourceRange ipStrategy:IpStrategy rejectStatusCode`),
  IpStrategy: fields(`depth excludedIPs ipv6Subnet`),
  Headers: fields(`customRequestHeaders:words customResponseHeaders:words sslProxyHeaders:words
    accessControlAllowCredentials accessControlAllowHeaders accessControlAllowMethods accessControlAllowOriginList
    accessControlAllowOriginListRegex accessControlExposeHeaders accessControlMaxAge addVaryHeader allowedHosts
    hostsProxyHeaders stsSeconds stsIncludeSubdomains stsPreload forceSTSHeader frameDeny customFrameOptionsValue
    contentTypeNosniff browserXssFilter customBrowserXSSValue contentSecurityPolicy contentSecurityPolicyReportOnly
    publicKey referrerPolicy permissionsPolicy isDevelopment featurePolicy sslRedirect sslTemporaryRedirect sslHost
    sslForceHost`),
  Errors: fields(`status statusRewrites:words service query`),
  RateLimit: fields(`average period burst sourceCriterion:SourceCriterion`),
  SourceCriterion: fields(`ipStrategy:IpStrategy requestHeaderName requestHost`),
  RedirectScheme: fields(`scheme port permanent forcePermanentRedirect`),
  Auth: fields(`users usersFile:file realm removeHeader headerField`),
  InFlightReq: fields(`amount sourceCriterion:SourceCriterion`),
  Buffering: fields(`maxRequestBodyBytes memRequestBodyBytes maxResponseBodyBytes memResponseBodyBytes
    retryExpression`),
  CircuitBreaker: fields(`expression checkPeriod fallbackDuration recoveryDuration responseCode`),
  Compress: fields(
    `excludedContentTypes includedContentTypes minResponseBodyBytes encodings defaultEncoding`,
  ),
  PassClient: fields(`pem`),
  Retry: fields(`attempts initialInterval`),
  ContentType: fields(`autoDetect`),
  GrpcWeb: fields(`allowOrigins`),
  Tcp: fields(`routers:{Router} services:{Service} middlewares:{Middleware}`),
  Tls: fields(`options:{TlsOptions} stores:{TlsStore}`),
  TlsOptions:
    fields(`minVersion maxVersion cipherSuites curvePreferences alpnProtocols preferServerCipherSuites
    disableSessionTickets`),
  TlsStore: fields(`defaultCertificate:Certificate`),
  Certificate: fields(`certFile:file keyFile:file`),
};

/** Left out: of no use to a WebSocket, and no reason to refuse a config for. */
export const leftOut: ReadonlySet<string> = new Set(["observability", "fenced", "info"]);

/** For whoever misspelt one. */
export const knownFields: readonly string[] = [
  ...new Set(Object.values(parts).flatMap((part) => [...part.values()].map(({ name }) => name))),
];
