package dev.copperplate.backup.testkit.network;

/** Which way bytes go. */
public enum Direction {
  /** From the client to the server. */
  UPSTREAM,
  /** From the server to the client. */
  DOWNSTREAM
}
