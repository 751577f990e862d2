/**
 * nginx refuses most values of `proxy_buffer_size`, `proxy_buffers` or `proxy_busy_buffers_size` given alone, because
 * each must fit the others (ngx_http_proxy_merge_loc_conf). These are the values for those that were not given.
 */

/** A page: nginx's default for both sizes. */
const defaultBytes = 4096;
const defaultCount = 8;

/** @param set the location's settings as given; a size that cannot be read is left to nginx to refuse */
export function proxyBufferDefaults(set: ReadonlyMap<string, string>): Record<string, string> {
  const bufferSize = sizeBytes(set.get("proxy_buffer_size")) ?? defaultBytes;
  const busySize = sizeBytes(set.get("proxy_busy_buffers_size"));
  const buffers = parseBuffers(set.get("proxy_buffers"));
  const defaults: Record<string, string> = {};
  if (
    buffers === null &&
    (bufferSize > defaultBytes || (busySize ?? 0) > defaultBytes * (defaultCount - 1))
  ) {
    const bytes = Math.max(bufferSize, defaultBytes, powerOfTwoFrom((busySize ?? 0) / (defaultCount - 1)));
    defaults.proxy_buffers = `${defaultCount} ${sizeText(bytes)}`;
  }
  if (buffers !== null && busySize === null) {
    // nginx's own default is twice the larger size, which must leave one of the buffers free.
    const larger = Math.max(bufferSize, buffers.bytes);
    const room = (buffers.count - 1) * buffers.bytes;
    if (2 * larger > room) defaults.proxy_busy_buffers_size = sizeText(larger);
  }
  return defaults;
}

function parseBuffers(value: string | undefined): { count: number; bytes: number } | null {
  const [count, size] = value?.split(/\s+/) ?? [];
  const bytes = sizeBytes(size);
  return count !== undefined && /^\d+$/.test(count) && bytes !== null
    ? { count: Number(count), bytes }
    : null;
}

function sizeBytes(value: string | undefined): number | null {
  const match = value?.match(/^(\d+)([km]?)$/i);
  if (!match) return null;
  const unit = { "": 1, k: 1024, m: 1024 * 1024 }[(match[2] ?? "").toLowerCase()] ?? 1;
  return Number(match[1]) * unit;
}

function sizeText(sizeInBytes: number): string {
  return sizeInBytes % 1024 === 0 ? `${sizeInBytes / 1024}k` : String(sizeInBytes);
}

function powerOfTwoFrom(value: number): number {
  return value <= 1 ? 1 : 2 ** Math.ceil(Math.log2(value));
}
