/** Who sends a frame. A client masks its frames and a server does not (RFC 6455, 5.1). */
export type Role = "client" | "server";
