package dev.copperplate.backup.postgres.dumpfile;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the beginning and the end of a plain dump say about it: pg_dump and pg_dumpall write a line
 * at the end, so that a dump that was cut off can be told. Not thread-safe.
 */
final class DumpScript {

  private static final int KEPT = 4096;
  private static final Pattern BEGINNING =
      Pattern.compile("(?m)^-- PostgreSQL database (cluster )?dump\\s*$");
  private static final Pattern END =
      Pattern.compile("(?m)^-- PostgreSQL database (cluster )?dump complete\\s*$");
  private static final Pattern VERSION =
      Pattern.compile("(?m)^-- Dumped from database version ([0-9][0-9.a-z]{0,15})\\b");

  private final byte[] head = new byte[KEPT];
  private final byte[] tail = new byte[2 * KEPT];
  private int headLength;
  private int tailLength;

  /** Takes in what comes next. */
  void add(byte[] bytes, int length) {
    int more = Math.min(length, KEPT - headLength);
    System.arraycopy(bytes, 0, head, headLength, more);
    headLength += more;
    int last = Math.min(length, KEPT);
    if (tailLength + last > tail.length) {
      System.arraycopy(tail, tailLength - KEPT, tail, 0, KEPT);
      tailLength = KEPT;
    }
    System.arraycopy(bytes, length - last, tail, tailLength, last);
    tailLength += last;
  }

  /** Whether pg_dump or pg_dumpall has begun it. */
  boolean isOfPgDump() {
    return BEGINNING.matcher(head()).find();
  }

  /** Whether it holds roles and all databases. */
  boolean isOfCluster() {
    Matcher beginning = BEGINNING.matcher(head());
    return beginning.find() && beginning.group(1) != null;
  }

  /** Whether its end is there. The end of one database is not the end of a cluster. */
  boolean isWhole() {
    boolean cluster = isOfCluster();
    Matcher end = END.matcher(new String(tail, 0, tailLength, StandardCharsets.ISO_8859_1));
    while (end.find()) {
      if ((end.group(1) != null) == cluster) {
        return true;
      }
    }
    return false;
  }

  /** Of the server, as people say it. */
  Optional<String> serverVersion() {
    Matcher version = VERSION.matcher(head());
    return version.find() ? Optional.of(version.group(1)) : Optional.empty();
  }

  private String head() {
    return new String(head, 0, headLength, StandardCharsets.ISO_8859_1);
  }
}
