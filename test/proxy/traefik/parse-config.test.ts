import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { secondsAt, textAt, textsAt } from "#wsrally/proxy/traefik/language/fields.js";
import { mergeRoutes } from "#wsrally/proxy/traefik/language/merge-routes.js";
import { parseConfig } from "#wsrally/proxy/traefik/language/parse-config.js";
import { printConfig } from "#wsrally/proxy/traefik/language/print-config.js";
import { renderTemplate, withoutTemplates } from "#wsrally/proxy/traefik/language/render-template.js";
import { type ConfigNode, plainOf } from "#wsrally/proxy/tree/config-node.js";

function linesOf(node: ConfigNode, path = ""): string[] {
  if (node.kind === "scalar") return [];
  const inner =
    node.kind === "list"
      ? node.items.map((value) => ({ key: "[]", value, place: value.place }))
      : node.entries;
  return inner.flatMap(({ key, value, place }) => [
    `${path}${key}:${place?.line}`,
    ...linesOf(value, `${path}${key}.`),
  ]);
}

describe("a config in TOML", () => {
  it("is the same tree as in YAML, with the lines of its own", () => {
    const toml = parseConfig(
      "a.toml",
      `# routes
[http.routers."a.b"]
  rule = 'PathPrefix(\`/ws\`)' # a comment
  middlewares = [
    "strip", # one
    'auth',
  ]
  priority = 1_000
[http.services.app.loadBalancer]
  [[http.services.app.loadBalancer.servers]]
    url = "http://a\\u002eb:80"
  [[http.services.app.loadBalancer.servers]]
    url = """
http://c"""
[http.middlewares]
strip.stripPrefix = { prefixes = ["/ws"], forceSlash = false }
`,
    );
    const yaml = parseConfig(
      "a.yml",
      `http:
  routers:
    a.b: {rule: 'PathPrefix(\`/ws\`)', middlewares: [strip, auth], priority: 1000}
  services: {app: {loadBalancer: {servers: [{url: "http://a.b:80"}, {url: "http://c"}]}}}
  middlewares: {strip: {stripPrefix: {prefixes: [/ws], forceSlash: false}}}
`,
    );
    assert.deepEqual(plainOf(toml), plainOf(yaml));
    const lines = linesOf(toml);
    for (const one of [
      "http.routers.a.b.rule:3",
      "http.routers.a.b.middlewares:4",
      "http.routers.a.b.middlewares.[]:6",
    ])
      assert.ok(lines.includes(one), lines.join("\n"));
    assert.ok(lines.includes("http.services.app.loadBalancer.servers.[].url:13"), lines.join("\n"));
    assert.ok(lines.includes("http.middlewares.strip:16"));
  });

  for (const [text, words] of [
    ["a = 1\na = 2", "a.toml:2: not TOML: Defining a key multiple times"],
    ["[a]\n[b]\n[a]", "a.toml:3: not TOML: Defining a key multiple times"],
    ["a = 1\n[a.b]", "a.toml:2: not TOML: "],
    ["a = {b = 1}\na.c = 2", "a.toml:2: not TOML: "],
    ["\na = word", "a.toml:2: not TOML: "],
    ['a = "open', "a.toml:1: not TOML: Unterminated string"],
    ['a = "\\q"', "a.toml:1: not TOML: Invalid character in escape sequence"],
    ["a = [1, 2", "a.toml:1: not TOML: "],
    ["a = 1 b = 2", "a.toml:1: not TOML: "],
    ["= 1", "a.toml:1: not TOML: "],
    [`a = ${"[".repeat(50_000)}`, "a.toml:1: "],
    [`a = ${"[".repeat(150)}${"]".repeat(150)}`, "a.toml:1: more than"],
  ] as const)
    it(`is refused with its line: ${JSON.stringify(text).slice(0, 40)}`, () => {
      assert.throws(
        () => parseConfig("a.toml", text),
        (thrown) => thrown instanceof ConfigRefusedError && thrown.words.startsWith(words),
      );
    });
});

describe("a config in YAML", () => {
  it("has merge keys and anchors, and values as they are written", () => {
    const tree = parseConfig("a.yaml", "x: &x {a: 010, b: yes}\ny:\n  <<: *x\n  b: no\nz: ~\n");
    assert.deepEqual(plainOf(tree), { x: { a: "010", b: "yes" }, y: { a: "010", b: "no" }, z: null });
    assert.equal(printConfig(tree), 'x:\n  a: "010"\n  b: yes\ny:\n  a: "010"\n  b: no\n');
  });

  it("is refused with its line", () => {
    assert.throws(() => parseConfig("a.yml", "a: 1\nb: [\n"), /a\.yml:\d: /);
    assert.throws(() => parseConfig("a.yml", "a: 1\na: 2\n"), /a\.yml:2: .*unique/);
    assert.throws(() => parseConfig("a.json", "{}"), /unsupported file extension/);
  });

  it("is read whatever its fields' capitals, lists as texts with commas, times in Go's units", () => {
    const tree = parseConfig(
      "a.yml",
      "HTTP: {EntryPoints: 'a, b', time: 1m30s, bare: 90, half: 500ms, wrong: 1x}",
    );
    assert.deepEqual(textsAt(tree, "http", "entrypoints"), ["a", "b"]);
    assert.equal(textAt(tree, "http", "TIME"), "1m30s");
    const times = ["time", "bare", "half", "wrong"].map((name) => secondsAt(tree, "http", name));
    assert.deepEqual(times, [90, 90, 0.5, null]);
  });
});

describe("routes of several files", () => {
  it("are one, in which the first of a name counts and certificates add up", () => {
    const trees = [
      "http: {routers: {a: {rule: 1}, A: {rule: 2}}}\ntls: {certificates: [{certFile: x}]}",
      "Http: {routers: {a: {rule: 3}, b: {rule: 4}}}\ntls: {certificates: [{certFile: y}]}",
    ].map((text, at) => parseConfig(`${at}.yml`, text));
    assert.deepEqual(plainOf(mergeRoutes(trees)), {
      http: { routers: { a: { rule: "1" }, A: { rule: "2" }, b: { rule: "4" } } },
      tls: { certificates: [{ certFile: "x" }, { certFile: "y" }] },
    });
  });
});

describe("a file of routes as a template", () => {
  const read = (name: string): string => ({ HOST: "app.test" })[name] ?? "";
  const rows: readonly (readonly [text: string, rendered: string])[] = [
    ['a: {{ env "HOST" }}', "a: app.test"],
    ['a: {{env `HOST`}} {{ env "NONE" | default "b" }}', "a: app.test b"],
    ['a: {{ default "b" (env "NONE") }} {{ env "HOST" | quote }}', 'a: b "app.test"'],
    ['a: {{ "{{" }} x', "a: {{ x"],
    ["# {{ range . }}\na: b", "# {{ range . }}\na: b"],
    ["a: {{/* one\ntwo */}}\nb: c", "a: \n\nb: c"],
  ];
  for (const [text, rendered] of rows)
    it(`is rendered: ${JSON.stringify(text)}`, () => {
      assert.equal(renderTemplate("a.yml", text, read).text, rendered);
    });

  for (const [text, line] of [
    ["a: b\n{{ range $i, $e := until 5 }}\n{{ end }}", 2],
    ['a: {{ getHostByName "a.test" }}', 1],
    ["a: {{ env HOST }}", 1],
    ['a: b\n\n{{- "x" }}', 3],
  ] as const)
    it(`is refused, for it is not run: ${JSON.stringify(text)}`, () => {
      assert.throws(() => renderTemplate("a.yml", text, read), new RegExp(`a\\.yml:${line}: \\{\\{`));
    });

  it("is none any more in the copy", () => {
    const text = withoutTemplates('a: "{{ env `HOST` }}"');
    assert.equal(renderTemplate("a.yml", text, read).text, 'a: "{{ env `HOST` }}"');
  });
});
