package dev.copperplate.backup.repository.format;

import java.time.Instant;
import java.util.Objects;

/**
 * A lock on a repository.
 *
 * <p>{@code restic unlock} sends SIGHUP to {@code pid} if {@code hostname} is that of its own
 * machine, which ends a Java process: whoever writes a lock says another host name.
 *
 * @param time when it was written; after thirty minutes it counts as stale
 * @param exclusive whether it conflicts with every other lock, or with exclusive ones only
 * @param hostname of the machine that holds it
 * @param username of the user that holds it
 * @param pid of the process that holds it
 * @param uid number of the user, or 0
 * @param gid number of the group, or 0
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design,
 *     "Locks"</a>
 */
public record LockFile(
    Instant time,
    boolean exclusive,
    String hostname,
    String username,
    long pid,
    long uid,
    long gid) {

  public LockFile {
    Objects.requireNonNull(time);
    Objects.requireNonNull(hostname);
    Objects.requireNonNull(username);
    if (pid < 0 || uid < 0 || gid < 0) {
      throw new IllegalArgumentException("Numbers of a lock are not negative");
    }
  }

  /** The plain JSON; see {@link Unpacked}. */
  public byte[] encode() {
    return new JsonOutput()
        .beginObject()
        .field("time")
        .time(time)
        .field("exclusive")
        .bool(exclusive)
        .field("hostname")
        .string(hostname)
        .field("username")
        .string(username)
        .field("pid")
        .number(pid)
        .optional("uid", uid)
        .optional("gid", gid)
        .endObject()
        .toByteArray();
  }

  /**
   * Reads the plain JSON. Missing fields are empty; a missing time is {@link Timestamps#UNKNOWN},
   * so that such a lock is stale.
   *
   * @throws FormatException if it is malformed
   */
  public static LockFile decode(byte[] json) throws FormatException {
    Instant time = Timestamps.UNKNOWN;
    boolean exclusive = false;
    String hostname = "";
    String username = "";
    long pid = 0;
    long uid = 0;
    long gid = 0;
    try (JsonInput in = new JsonInput(json)) {
      in.beginObject();
      for (String field = in.nextField(); field != null; field = in.nextField()) {
        switch (field) {
          case "time" -> time = in.time(field);
          case "exclusive" -> exclusive = in.bool(field);
          case "hostname" -> hostname = in.string(field);
          case "username" -> username = in.string(field);
          case "pid" -> pid = in.natural(field);
          case "uid" -> uid = in.uint32(field);
          case "gid" -> gid = in.uint32(field);
          default -> in.skip();
        }
      }
      in.end();
    }
    return new LockFile(time, exclusive, hostname, username, pid, uid, gid);
  }
}
