/**
 * Configs that Caddy refuses: its words, the user's line, and what is meant.
 */
export interface RefusedRow {
  readonly name: string;
  readonly text: string;
  /** Of the refusal. */
  readonly words: RegExp;
  /** Of cause or cure. */
  readonly says: RegExp;
}

const site = (lines: string): string => `http://a.test {\n${lines.replace(/^/gm, "\t")}\n}\n`;

export const refusedRows: readonly RefusedRow[] = [
  {
    name: "Caddy 1's proxy",
    text: site("proxy /ws app:1 {\n\twebsocket\n}"),
    words: /Caddyfile:2: unrecognized directive: proxy/,
    says: /a word of Caddy 1[\s\S]*reverse_proxy \/ws\*/,
  },
  {
    name: "websocket in it",
    text: site("reverse_proxy app:1 {\n\twebsocket\n}"),
    words: /unrecognized subdirective.*websocket.*Caddyfile:3/,
    says: /passes WebSockets on by itself/,
  },
  {
    name: "a misspelt directive",
    text: site("reverse_proxi app:1"),
    words: /unrecognized directive: reverse_proxi/,
    says: /is it meant for this\?\nreverse_proxy/,
  },
  {
    name: "a time outside of its block",
    text: site("reverse_proxy app:1 {\n\tread_timeout 1h\n}"),
    words: /read_timeout.*Caddyfile:3/,
    says: /transport http \{\n\tread_timeout/,
  },
  {
    name: "ws as a scheme",
    text: site("reverse_proxy ws://app:1"),
    words: /ws.*Caddyfile:2/,
    says: /no scheme of an upstream/,
  },
  {
    name: "a path behind an upstream",
    text: site("reverse_proxy http://app:1/socket"),
    words: /only support scheme, host, and port.*Caddyfile:2/,
    says: /an upstream has no path/,
  },
  {
    name: "two sites of one name",
    text: `${site("respond a")}${site("reverse_proxy app:1")}`,
    words: /ambiguous site definition: http:\/\/a\.test/,
    says: /two sites are asked by/,
  },
  {
    name: "TLS where there is none",
    text: "http://a.test:80 {\n\ttls a.pem b.pem\n\treverse_proxy app:1\n}\n",
    words: /HTTP, but attempts to configure TLS/,
    says: /one port cannot speak both/,
  },
  {
    name: "a field of JSON that is not there",
    text: `{"apps": {"http": {"servers": {"a": {
 "listen": [":80"],
 "routes": [
  {"handle": [{"handler": "subroute", "routes": [
   {"handle": [
    {"handler": "headers"},
    {"handler": "reverse_proxy",
     "upstreams": [{"dial": "app:1"}],
     "stream_close_dela": "5m"}
   ]}
  ]}]}
 ]}}}}}`,
    words: /unknown field "stream_close_dela", at .*Caddyfile:9/,
    says: /there is no field stream_close_dela in this module/,
  },
  {
    name: "a plugin that is not there",
    text: site("rate_limit 5r/s\nreverse_proxy app:1"),
    words: /unrecognized directive: rate_limit/,
    says: /a Caddy that was built with it/,
  },
];
