/** What a frame is (RFC 6455, 5.2). From 8 on they are control frames: short, whole, and allowed inside a message. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export type Opcode = (typeof opcodes)[keyof typeof opcodes];

/** The longest payload of a control frame, in bytes (RFC 6455, 5.5). */
export const controlPayloadBytesMax = 125;
