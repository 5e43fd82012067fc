package dev.copperplate.backup.testkit.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * {@code 100 Continue}, which asks a client for the rest of its request. Clients of S3 wait for it
 * before they send an object; taken for an answer, it would end the exchange before the store has
 * the object.
 */
final class Interim {

  private static final String STATUS = "HTTP/1.1 100 ";
  private static final String END = "\r\n\r\n";
  private static final int LONGEST = 1024;

  private Interim() {}

  /** How many of the first bytes are one. Servers send it in one piece. */
  static int length(byte[] bytes, int count) {
    String text = new String(bytes, 0, Math.min(count, LONGEST), ISO_8859_1);
    int end = text.startsWith(STATUS) ? text.indexOf(END) : -1;
    return end < 0 ? 0 : end + END.length();
  }
}
