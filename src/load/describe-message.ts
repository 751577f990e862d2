/** A message as a failure's example has it: its length and its beginning. */
export function describeMessage(data: Buffer, isBinary: boolean): string {
  const head = data.subarray(0, 24);
  const words = isBinary ? head.toString("hex") : JSON.stringify(head.toString("utf8"));
  return `${data.length} bytes ${isBinary ? "binary" : "text"} ${words}${data.length > 24 ? "…" : ""}`;
}
