import assert from "node:assert/strict";
import { constants } from "node:os";
import { describe, it } from "node:test";
import { closeDescriptor } from "#wsrally/linux/close-descriptor.js";
import { errnoName, errnos, SystemCallError } from "#wsrally/linux/errno.js";
import { isLinuxLayerAvailable } from "#wsrally/linux/linux-layer.js";
import { loadNativeLibrary } from "#wsrally/linux/native-library.js";
import { PinnedBuffer } from "#wsrally/linux/pinned-buffer.js";
import { linuxOnly } from "./support/linux-only.js";

/** Runs `use` as if this were another machine. */
function on(platform: string, arch: string, use: () => void): void {
  const real = { platform: process.platform, arch: process.arch };
  Object.defineProperties(process, { platform: { value: platform }, arch: { value: arch } });
  try {
    use();
  } finally {
    Object.defineProperties(process, { platform: { value: real.platform }, arch: { value: real.arch } });
  }
}

describe("isLinuxLayerAvailable()", () => {
  it("says why it is not elsewhere, and does not throw", () => {
    on("darwin", "arm64", () => {
      assert.deepEqual(isLinuxLayerAvailable(), { available: false, reason: "darwin is not Linux" });
    });
    on("linux", "s390x", () => {
      assert.deepEqual(isLinuxLayerAvailable(), {
        available: false,
        reason: "unknown structure layouts on s390x",
      });
    });
  });
});

describe("errnoName()", () => {
  it("gives the names that Node uses", () => {
    assert.equal(errnoName(constants.errno.ECONNRESET), "ECONNRESET");
    assert.equal(errnoName(constants.errno.EAGAIN), "EAGAIN");
    assert.equal(errnoName(9999), "errno 9999");
  });
});

describe("the native layer", linuxOnly, () => {
  it("turns a failed call into an error with Node's fields", () => {
    assert.throws(
      () => closeDescriptor(-1),
      (error) =>
        error instanceof SystemCallError &&
        error.code === "EBADF" &&
        error.errno === errnos.EBADF &&
        error.syscall === "close" &&
        error.message === "close EBADF",
    );
  });

  it("knows which functions a library has", () => {
    const library = loadNativeLibrary(null);
    assert.ok(library.has("getpid"));
    assert.ok(!library.has("wsrally_has_no_such_function"));
    const getpid = library.declare<() => number>("getpid", "int", []);
    assert.equal(getpid(), process.pid);
  });

  it("shares pinned memory with C, at its address and from its beginning", () => {
    const memset = loadNativeLibrary(null).declare<(at: number, value: number, bytes: number) => number>(
      "memset",
      "address",
      ["address", "int", "size"],
    );
    const pinned = new PinnedBuffer(64);
    assert.deepEqual(pinned.bytes, Buffer.alloc(64));
    assert.equal(memset(pinned.address + 8, 0x5a, 4), pinned.address + 8);
    assert.equal(pinned.words()[2], 0x5a5a5a5a);
    assert.equal(pinned.bytes.indexOf(0x5a), 8);
    assert.equal(pinned.bytes.lastIndexOf(0x5a), 11);
  });
});
