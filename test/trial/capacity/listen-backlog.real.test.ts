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
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    assert.equal(listenBacklog(port), 0);
    server.close();
    await once(server, "close");
    assert.equal(listenBacklog(port), null);
  });
});
