/**
 * How Node is started for processes that messages wait for. V8 collects garbage with helper threads, and waits for them without
 * sleeping: at real-time priority on one processor they get none of it until the turn of the one that waits is over. Seen in
 * /sys/kernel/tracing of a backend: 50 to 96 ms in five epochs of a hundred, and none with one thread.
 */
export const promptNode: readonly string[] = ["--single-threaded-gc"];
