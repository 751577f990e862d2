import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, it } from "node:test";
import { listenBacklog, parseListenBacklog } from "#wsrally/trial/capacity/listen-backlog.js";

const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000011 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000002 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
   2: 0100007F:1F91 00000000:0000 0A 00000000:00000007 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
   3: 0100007F:1F92 0100007F:1F90 01 00000000:00000099 00:00000000 00000000     0        0 4 1 0 20 4 30 10 -1
`;

describe("listenBacklog()", () => {
  it("adds up what waits on every socket that listens on a port, and on no other", () => {
    assert.equal(parseListenBacklog(text, 8080), 0x13);
    assert.equal(parseListenBacklog(text, 8081), 7);
    assert.equal(parseListenBacklog(text, 8082), null);
    assert.equal(parseListenBacklog("", 8080), null);
  });

  it("finds a listening socket of this machine", { skip: process.platform !== "linux" }, async () => {
    // More of them than one read of the kernel's list gives.
    const servers = Array.from({ length: 60 }, () => createServer().listen(0, "127.0.0.1"));
    try {
      await Promise.all(servers.map((server) => once(server, "listening")));
      for (const server of servers) assert.equal(listenBacklog((server.address() as AddressInfo).port), 0);
    } finally {
      for (const server of servers) server.close();
    }
  });

  it("knows of none where nobody listens", () => {
    assert.equal(listenBacklog(1), null);
  });
});
