/**
 * The addresses on the line. Clients connect from `near` to a far one, which nobody has: the line takes the packets, and
 * brings them to the loopback address at which the proxy listens, as if they came from that far one. So the proxy's ends of
 * the connections are told apart by the address that the clients connected to.
 */
export const lineAddresses = {
  near: "10.77.0.1",
  netmask: "255.255.255.0",
  loopback: "127.0.0.1",
  /** Of the load's clients. */
  clients: "10.77.0.2",
  /** Of clients that are to be cut off without a word. */
  mortals: "10.77.0.3",
} as const;

export const lineInterface = "line0";
