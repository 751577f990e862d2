import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { closeDescriptor } from "#wsrally/linux/close-descriptor.js";
import { epollEvents } from "#wsrally/linux/epoll.js";
import { errnos } from "#wsrally/linux/errno.js";
import { isOpenSslAvailable } from "#wsrally/linux/openssl.js";
import { PinnedBuffer } from "#wsrally/linux/pinned-buffer.js";
import { setReceiveStamps } from "#wsrally/linux/socket-options.js";
import { StampedReceiver } from "#wsrally/linux/stamped-receiver.js";
import { type TlsConnection, tlsOutcomes } from "#wsrally/linux/tls-connection.js";
import { TlsContext } from "#wsrally/linux/tls-context.js";
import { whileKernelStamps } from "./support/kernel-stamps.js";
import { linuxOnly, openDescriptors, until } from "./support/linux-only.js";
import { untilReady, withLoopback } from "./support/loopback.js";
import {
  connectedTo,
  echo,
  handshaken,
  settled,
  strangerCaPem,
  withRawServer,
  withTlsServer,
} from "./support/tls-loopback.js";

const insecure = { caPem: null, verify: false, resume: false, protocols: [] };

describe("TlsConnection", linuxOnly, () => {
  it("is to be had in this Node", () => {
    assert.deepEqual(isOpenSslAvailable(), { available: true });
  });

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    it(`shakes hands and exchanges bytes by ${version}`, async () => {
      await withTlsServer(
        async ({ context, connection, accepted }) => {
          const ours = await handshaken(connection(context(), "localhost"));
          assert.equal(await echo(ours, "ping"), "ping");
          const [server] = accepted;
          assert.ok(server);
          const { version: agreed, cipher, isSessionReused, protocol } = ours.tls.properties();
          assert.equal(agreed, version);
          assert.equal(cipher, server.getCipher().name);
          assert.equal(isSessionReused, false);
          assert.equal(protocol, "http/1.1");
          assert.equal(ours.tls.fault, null);
        },
        { minVersion: version, maxVersion: version },
      );
    });
  }

  it("exchanges more than fits into records, buffers and one call", async () => {
    await withTlsServer(async ({ context, connection }) => {
      const ours = await handshaken(connection(context(), "localhost"));
      const text = "0123456789abcdef".repeat(4_000);
      assert.equal(await echo(ours, text), text);
    });
  });

  it("sends the name and asks for the certificate by it, and by address without sending that", async () => {
    const names: (string | false | null)[] = [];
    await withTlsServer(async ({ context, connection, accepted }) => {
      await handshaken(connection(context(), "localhost"));
      await handshaken(connection(context(), "127.0.0.1"));
      await until(() => accepted.length === 2);
      names.push(...accepted.map(({ servername }) => servername));
    });
    assert.deepEqual(names, ["localhost", false]);
  });

  for (const [what, name, changes, text] of [
    ["another name", "other.example", {}, /hostname mismatch/i],
    ["another address", "127.0.0.2", {}, /IP address mismatch/i],
    ["an authority's namesake", "localhost", { caPem: strangerCaPem }, /certificate signature failure/],
    ["an unknown authority", "localhost", { caPem: null }, /unable to get local issuer certificate/],
  ] as const) {
    it(`refuses a certificate for or of ${what}, unless told not to look`, async () => {
      await withTlsServer(async ({ context, connection }) => {
        const { tls } = await connection(context(changes), name);
        assert.equal(await settled(() => tls.handshake()), tlsOutcomes.failed);
        assert.equal(tls.fault?.kind, "certificate");
        assert.match(tls.fault?.text ?? "", text);
        const careless = await handshaken(connection(context({ ...changes, verify: false }), name));
        assert.equal(await echo(careless, "ping"), "ping");
      });
    });
  }

  it("refuses a CA file without a certificate", () => {
    for (const caPem of [
      "",
      "no PEM at all",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ]) {
      assert.throws(() => new TlsContext({ ...insecure, caPem, verify: true }), UsageError);
    }
  });

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    it(`resumes sessions by ${version}, time and again, and only when told to`, async () => {
      await withTlsServer(
        async ({ context, connection }) => {
          for (const resume of [false, true]) {
            const shared = context({ resume });
            const reused: boolean[] = [];
            for (let i = 0; i < 4; i++) {
              const ours = await handshaken(connection(shared, "localhost"));
              await echo(ours, "ping");
              reused.push(ours.tls.properties().isSessionReused);
            }
            assert.deepEqual(reused, [false, resume, resume, resume]);
          }
        },
        { minVersion: version, maxVersion: version },
      );
    });
  }

  it("keeps a session for each name", async () => {
    await withTlsServer(async ({ context, connection }) => {
      const shared = context({ resume: true });
      const reused: boolean[] = [];
      for (const name of ["localhost", "127.0.0.1", "localhost", "127.0.0.1"]) {
        const ours = await handshaken(connection(shared, name));
        await echo(ours, "ping");
        reused.push(ours.tls.properties().isSessionReused);
      }
      assert.deepEqual(reused, [false, false, true, true]);
    });
  });
});

describe("the end of a TlsConnection", linuxOnly, () => {
  it("is in order when the server ends it, and tells the server when we do", async () => {
    await withTlsServer(async ({ context, connection, accepted }) => {
      const first = await handshaken(connection(context(), "localhost"));
      await echo(first, "ping");
      accepted[0]?.end();
      assert.equal(await settled(() => first.tls.read(new PinnedBuffer(16))), tlsOutcomes.ended);
      assert.equal(first.tls.fault, null);
      const second = await handshaken(connection(context(), "localhost"));
      await echo(second, "ping");
      assert.equal(await settled(() => second.tls.shutdown()), 0);
      await until(() => accepted[1]?.readableEnded === true);
    });
  });

  it("is an eof without close_notify, and a reset by its errno", async () => {
    await withTlsServer(async ({ context, connection, port }) => {
      // A relay knows nothing of TLS, so that its end is the socket's alone.
      const onSocket = (socket: Socket): void => {
        const onward = connect(port, "127.0.0.1").on("error", () => undefined);
        socket.pipe(onward).pipe(socket);
        socket.on("close", () => onward.destroy());
      };
      await withLoopback(
        async ({ port: through, accepted }) => {
          const cut = await handshaken(connection(context(), "localhost", through));
          await echo(cut, "ping");
          accepted[0]?.destroy();
          assert.equal(await settled(() => cut.tls.read(new PinnedBuffer(16))), tlsOutcomes.failed);
          assert.equal(cut.tls.fault?.kind, "eof");
          const reset = await handshaken(connection(context(), "localhost", through));
          await echo(reset, "ping");
          accepted[1]?.resetAndDestroy();
          assert.equal(await settled(() => reset.tls.read(new PinnedBuffer(16))), tlsOutcomes.failed);
          assert.deepEqual(reset.tls.fault, { kind: "system", text: "ECONNRESET", errno: errnos.ECONNRESET });
        },
        { onSocket },
      );
    });
  });

  async function failedHandshake(port: number): Promise<TlsConnection["fault"]> {
    const context = new TlsContext(insecure);
    const fd = await connectedTo(port);
    const tls = context.connection(fd, "localhost");
    assert.equal(await settled(() => tls.handshake()), tlsOutcomes.failed);
    const { fault } = tls;
    tls.free();
    context.close();
    closeDescriptor(fd);
    return fault;
  }

  it("comes in the handshake with a server that has no TLS, hangs up or resets", async () => {
    await withRawServer("HTTP/1.1 400 Bad Request\r\n\r\n", "end", async (port) => {
      const fault = await failedHandshake(port);
      assert.equal(fault?.kind, "protocol");
      assert.match(fault?.text ?? "", /wrong version number|packet length|http request/i);
    });
    await withRawServer("", "end", async (port) => {
      assert.equal((await failedHandshake(port))?.kind, "eof");
    });
    await withRawServer("", "resetAndDestroy", async (port) => {
      assert.deepEqual(await failedHandshake(port), {
        kind: "system",
        text: "ECONNRESET",
        errno: errnos.ECONNRESET,
      });
    });
  });

  it("says what alert the server sent", async () => {
    await withTlsServer(
      async ({ context, connection }) => {
        const { tls } = await connection(context(), "localhost");
        const outcome = await settled(() => tls.handshake());
        assert.equal(outcome, tlsOutcomes.failed);
        assert.equal(tls.fault?.kind, "protocol");
        assert.match(tls.fault?.text ?? "", /alert protocol version|unsupported protocol/);
      },
      { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
    );
  });

  it("leaves no error behind that another connection could take for its own", async () => {
    await withTlsServer(async ({ context, connection }) => {
      const good = await handshaken(connection(context(), "localhost"));
      const bad = await connection(context(), "other.example");
      assert.equal(await settled(() => bad.tls.handshake()), tlsOutcomes.failed);
      assert.equal(good.tls.read(new PinnedBuffer(16)), tlsOutcomes.wantRead);
      assert.equal(good.tls.fault, null);
      assert.equal(await echo(good, "ping"), "ping");
    });
  });

  it("leaves no descriptor behind", async () => {
    const before = openDescriptors();
    await withTlsServer(async ({ context, connection }) => {
      for (let i = 0; i < 5; i++) await echo(await handshaken(connection(context(), "localhost")), "ping");
    });
    await until(() => openDescriptors() === before);
  });
});

describe("a TlsConnection's bytes", linuxOnly, () => {
  whileKernelStamps();

  it("have a receive stamp, by a peek before they are read", async () => {
    await withTlsServer(async ({ context, connection, accepted }) => {
      const ours = await handshaken(connection(context(), "localhost"));
      await echo(ours, "ping");
      setReceiveStamps(ours.fd);
      const receiver = new StampedReceiver(1);
      assert.equal(receiver.peek(ours.fd), -errnos.EAGAIN);
      accepted[0]?.write("pong");
      await untilReady(ours.fd, epollEvents.readable);
      assert.equal(receiver.peek(ours.fd), 1);
      assert.notEqual(receiver.stampNs, null);
      const target = new PinnedBuffer(16);
      assert.equal(ours.tls.read(target), 4);
      assert.equal(target.bytes.toString("latin1", 0, 4), "pong");
    });
  });

  it("wait in the connection when more came than was asked for", async () => {
    await withTlsServer(async ({ context, connection, accepted }) => {
      const ours = await handshaken(connection(context(), "localhost"));
      await echo(ours, "ping");
      accepted[0]?.write("first");
      accepted[0]?.write("second");
      await until(() => accepted[0]?.writableLength === 0);
      await untilReady(ours.fd, epollEvents.readable);
      const target = new PinnedBuffer(3);
      let text = "";
      let isPending = true;
      await until(() => {
        const count = ours.tls.read(target);
        if (count > 0) text += target.bytes.toString("latin1", 0, count);
        if (text === "firstseco") isPending = ours.tls.hasPending();
        return text === "firstsecond";
      });
      assert.ok(isPending);
      assert.equal(ours.tls.hasPending(), false);
    });
  });
});
