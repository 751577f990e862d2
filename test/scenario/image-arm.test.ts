import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { armText, parseArm, refuseImages } from "#wsrally/scenario/arm.js";

describe("parseArm() of docker:IMAGE", () => {
  const digest = `sha256:${"0a".repeat(32)}`;
  const rows: readonly (readonly [text: string, name: string, target: object])[] = [
    ["docker:nginx:1.29", "nginx-1.29", { proxy: "nginx", configFile: null, image: "nginx:1.29" }],
    [
      "docker:haproxy:3,conf=sites/a.cfg",
      "haproxy-3-a",
      { proxy: "haproxy", configFile: "sites/a.cfg", confinedTo: null, image: "haproxy:3" },
    ],
    [
      "old=docker:registry:5000/team/edge:v1,conf=x=y.conf,kind=nginx",
      "old",
      { proxy: "nginx", configFile: "x=y.conf", confinedTo: null, image: "registry:5000/team/edge:v1" },
    ],
    [
      "docker:team/edge,conf=Caddyfile",
      "team-edge-Caddyfile",
      { proxy: "caddy", configFile: "Caddyfile", confinedTo: null, image: "team/edge" },
    ],
    [
      "docker:envoyproxy/envoy",
      "envoyproxy-envoy",
      { proxy: "envoy", configFile: null, image: "envoyproxy/envoy" },
    ],
    [`e=docker:traefik@${digest}`, "e", { proxy: "traefik", configFile: null, image: `traefik@${digest}` }],
  ];
  for (const [text, name, target] of rows)
    it(`reads ${text}, and tells it again`, () => {
      const arm = parseArm(text);
      assert.deepEqual([arm.name, arm.target], [name, { kind: "proxy", ...target }]);
      assert.deepEqual(parseArm(armText(arm.target)).target, arm.target);
    });

  for (const [text, container] of [
    ["docker:httpd:2.4,port=8080", { image: "httpd:2.4", port: 8080, configFile: null, place: null }],
    [
      "docker:team/edge,conf=c/a.conf:/etc/edge.conf,port=80",
      { image: "team/edge", port: 80, configFile: "c/a.conf", place: "/etc/edge.conf" },
    ],
  ] as const)
    it(`reads ${text}, and tells it again`, () => {
      const { target } = parseArm(text);
      assert.deepEqual(target, { kind: "url", url: `ws://127.0.0.1:${container.port}/`, container });
      assert.deepEqual(parseArm(armText(target)).target, target);
    });

  it("takes settings where the config is built in", () => {
    assert.equal(parseArm("docker:nginx", { proxy_buffering: "off" }).name, "nginx-proxy_buffering-off");
    assert.throws(() => parseArm("docker:nginx,conf=a.conf", { proxy_buffering: "off" }), /Cannot set/);
  });

  for (const [text, fault] of [
    ["docker", /names no image: want docker:IMAGE/],
    ["docker:", /names no image/],
    ["docker:--privileged", /names no image/],
    ["docker:a b", /names no image/],
    ["docker:nginx,confs=a", /cannot use "confs=a"; want conf=FILE, kind=KIND and port=PORT/],
    ["docker:nginx,conf=", /cannot use "conf="/],
    ["docker:nginx,conf=a,conf=b", /cannot use "conf=b"/],
    ["docker:team/edge", /neither image nor file is named after a proxy; want kind=nginx\|haproxy/],
    ["docker:team/edge,kind=squid", /"squid" is no kind of proxy/],
    ["docker:httpd:2.4", /Cannot run arm "docker:httpd:2\.4": Apache's modules/],
    ["docker:team/edge,kind=httpd", /Apache's modules/],
    ["docker:team/edge,port=0", /0 is no port; want docker:IMAGE,port=PORT/],
    ["docker:team/edge,port=65536", /65536 is no port/],
    ["docker:team/edge,port=80,kind=nginx", /run as it is, whatever its kind/],
    [
      "docker:team/edge,port=80,conf=a.conf",
      /a file is put in a place of the image; want docker:IMAGE,port=/,
    ],
  ] as const)
    it(`refuses ${text}`, () => assert.throws(() => parseArm(text), fault));

  it("is refused by name where only own processes will do", () => {
    const arms = [parseArm("nginx"), parseArm("b=docker:nginx")];
    assert.throws(
      () => refuseImages(arms, "roll out", "why"),
      /^UsageError: Cannot roll out the arm b, which runs in a container: why$/,
    );
    refuseImages(arms.slice(0, 1), "roll out", "why");
  });
});
