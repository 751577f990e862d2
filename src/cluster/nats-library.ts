/**
 * What is used of NATS's libraries, in one module that is loaded when it is wanted: a bundle tells the names of a CommonJS library
 * only where they are imported by name, which `import()` of the library itself does not.
 */
export { createUser } from "@nats-io/nkeys";
export { connect, credsAuthenticator, nkeyAuthenticator } from "@nats-io/transport-node";
