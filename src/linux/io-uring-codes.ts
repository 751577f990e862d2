/**
 * Numbers that requests to an io_uring and their completions are made of: linux/io_uring.h, and flags of send(2).
 */
export const IORING_OP_POLL_ADD = 6;
export const IORING_OP_RECVMSG = 10;
export const IORING_OP_ASYNC_CANCEL = 14;
export const IORING_OP_SEND = 26;
export const IORING_OP_RECV = 27;
// Flags of an entry, in its second byte.
export const IOSQE_BUFFER_SELECT = 1 << (5 + 8);
export const IOSQE_CQE_SKIP_SUCCESS = 1 << (6 + 8);
/** In the field that is the priority elsewhere, the third and fourth bytes. */
export const IORING_RECV_MULTISHOT = 1 << (1 + 16);
export const IORING_POLL_ADD_MULTI = 1;
export const IORING_CQE_F_BUFFER = 1;
export const IORING_CQE_F_MORE = 2;
export const IORING_ENTER_GETEVENTS = 1;
export const IORING_ENTER_EXT_ARG = 8;
export const MSG_NOSIGNAL = 0x4000;
/** The kernel goes on until all is sent, and what is cut short all the same counts as failed. */
export const MSG_WAITALL = 0x100;
/** No request waits for room in the socket. */
export const MSG_DONTWAIT = 0x40;
