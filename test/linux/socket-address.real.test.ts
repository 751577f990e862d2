import assert from "node:assert/strict";
import { BlockList } from "node:net";
import { describe, it } from "node:test";
import { addressFamilies, familyOf, hostAndPortOf, sockaddrOf } from "#wsrally/linux/socket-address.js";
import { fc } from "../support/seeded-fast-check.js";

const port = fc.integer({ min: 0, max: 65_535 });

describe("sockaddrOf()", () => {
  it("lays out IPv4 as the kernel has it", () => {
    assert.equal(sockaddrOf("127.0.0.1", 8080).toString("hex"), "02001f907f0000010000000000000000");
  });

  it("lays out IPv6 as the kernel has it", () => {
    assert.equal(
      sockaddrOf("2001:db8::1:2", 443).toString("hex"),
      "0a0001bb00000000 20010db8000000000000000000010002 00000000".replaceAll(" ", ""),
    );
  });

  for (const [text, groups] of [
    ["::", "0:0:0:0:0:0:0:0"],
    ["::1", "0:0:0:0:0:0:0:1"],
    ["fe80::", "fe80:0:0:0:0:0:0:0"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ["::ffff:192.168.1.2", "0:0:0:0:0:ffff:c0a8:102"],
    ["64:ff9b::10.0.0.1", "64:ff9b:0:0:0:0:a00:1"],
  ] as const) {
    it(`reads ${text}`, () => {
      assert.equal(hostAndPortOf(sockaddrOf(text, 1)).host, groups);
    });
  }

  it("keeps every IPv4 address and port", () => {
    fc.assert(
      fc.property(fc.ipV4(), port, (host, port) => {
        const sockaddr = sockaddrOf(host, port);
        assert.equal(familyOf(sockaddr), addressFamilies.ipv4);
        assert.deepEqual(hostAndPortOf(sockaddr), { host, port });
      }),
    );
  });

  it("reads every IPv6 address as Node does", () => {
    fc.assert(
      fc.property(fc.ipV6(), port, (host, port) => {
        const sockaddr = sockaddrOf(host, port);
        assert.equal(sockaddr.length, 28);
        const read = hostAndPortOf(sockaddr);
        assert.equal(read.port, port);
        const same = new BlockList();
        same.addAddress(host, "ipv6");
        assert.ok(same.check(read.host, "ipv6"), `${host} became ${read.host}`);
      }),
    );
  });

  for (const [host, port] of [
    ["localhost", 80],
    ["", 80],
    ["[::1]", 80],
    ["fe80::1%lo", 80],
    ["127.0.0.1", 65_536],
    ["127.0.0.1", -1],
    ["127.0.0.1", 1.5],
  ] as const) {
    it(`refuses ${JSON.stringify(host)} port ${port}`, () => {
      assert.throws(() => sockaddrOf(host, port), assert.AssertionError);
    });
  }
});
