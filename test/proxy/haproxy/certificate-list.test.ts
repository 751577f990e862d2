import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { certificatesListed } from "#wsrally/proxy/haproxy/route/certificate-list.js";

const list = [
  "default.pem",
  "app.pem [alpn h2 ssl-min-ver TLSv1.2] app.example.com",
  "wild.pem *.example.com !old.example.com",
  "old.pem old.example.com",
];

describe("certificatesListed()", () => {
  const rows: readonly (readonly [string | null, readonly string[]])[] = [
    [null, ["default.pem"]],
    ["app.example.com", ["app.pem", "wild.pem"]],
    ["WS.example.com", ["wild.pem"]],
    ["old.example.com", ["old.pem"]],
    ["a.b.example.com", ["default.pem"]],
    ["example.org", ["default.pem"]],
  ];
  for (const [name, files] of rows)
    it(`shows ${files.join(" or ")} to who asks for ${name ?? "nobody"}`, () => {
      assert.deepEqual(certificatesListed(list, name), files);
    });

  it("shows the first to a name that is nobody's", () => {
    assert.deepEqual(certificatesListed(list.slice(1), "example.org"), ["app.pem"]);
  });
});
