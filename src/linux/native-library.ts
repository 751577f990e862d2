/**
 * C functions as typed JavaScript ones. Two kinds of pointer, which cost differently (bench/ffi-cost.js, a call of
 * clock_gettime, Node 20): a `Buffer` handed to `pointer` takes 85 ns, a number handed to `address` 59 ns, since koffi
 * then need not find out what it was given; 35 ns of either is any call's. So the calls of the hot path take
 * addresses (see `PinnedBuffer`), the others Buffers, which koffi itself keeps alive during the call.
 */
import { koffi } from "./linux-layer.js";

const koffiTypes = {
  void: "void",
  int: "int",
  uint32: "uint32_t",
  /** `size_t` and `long`, as a number: exact up to 2^53. */
  size: "size_t",
  long: "int64_t",
  /** A pointer as a number. User space ends at 2^47 (x64) or 2^52 (arm64), so a double holds it exactly. */
  address: "uintptr_t",
  /** A `Buffer`, or null. */
  pointer: "void *",
  /** As parameter a JavaScript string; as result one copied out of C memory, or null. */
  string: "const char *",
} as const;

type NativeType = keyof typeof koffiTypes;

export interface NativeLibrary {
  has(name: string): boolean;
  /**
   * @typeParam F the JavaScript side of the signature: what `result` and `parameters` say, which nobody checks
   * @throws Error when the library has no such function
   */
  declare<F>(name: string, result: NativeType, parameters: readonly NativeType[]): F;
}

/** @param path a shared library's name; null for the running program and all it is linked with */
export function loadNativeLibrary(path: string | null): NativeLibrary {
  const library = koffi().load(path);
  return {
    has(name) {
      try {
        library.symbol(name);
        return true;
      } catch {
        // koffi throws for a symbol that is not there, and has no other way to ask.
        return false;
      }
    },
    declare<F>(name: string, result: NativeType, parameters: readonly NativeType[]): F {
      return library.func(
        name,
        koffiTypes[result],
        parameters.map((type) => koffiTypes[type]),
      ) as unknown as F;
    },
  };
}
