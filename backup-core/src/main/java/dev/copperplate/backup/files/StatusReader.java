package dev.copperplate.backup.files;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryType;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Principal;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads {@link Status} with one system call a name; owners are looked up once. Thread-safe. */
final class StatusReader {

  private static final String FIELDS =
      "unix:mode,ino,dev,rdev,nlink,uid,gid,size,lastModifiedTime,lastAccessTime,ctime";
  private static final int TYPE_MASK = 0170000;
  private static final long UNSIGNED = 0xffff_ffffL;

  private final boolean accessTimes;
  private final Map<Long, String> users = new ConcurrentHashMap<>();
  private final Map<Long, String> groups = new ConcurrentHashMap<>();

  /**
   * Makes a reader.
   *
   * @param accessTimes whether to tell the time of the last access, rather than that of the last
   *     modification in its place
   */
  StatusReader(boolean accessTimes) {
    this.accessTimes = accessTimes;
  }

  Status read(Path path) throws IOException {
    return read(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** What a link on the way to the captured path points to is what that path means. */
  Status readFollowing(Path path) throws IOException {
    return read(path, new LinkOption[0]);
  }

  private Status read(Path path, LinkOption... links) throws IOException {
    Map<String, Object> fields = Files.readAttributes(path, FIELDS, links);
    int mode = (int) number(fields, "mode");
    EntryType type = type(path, mode);
    long size = type == EntryType.FILE ? number(fields, "size") : 0;
    boolean device = type == EntryType.CHARACTER_DEVICE || type == EntryType.BLOCK_DEVICE;
    long uid = number(fields, "uid") & UNSIGNED;
    long gid = number(fields, "gid") & UNSIGNED;
    Attributes attributes =
        new Attributes(
            mode & 07777,
            time(fields, "lastModifiedTime"),
            time(fields, accessTimes ? "lastAccessTime" : "lastModifiedTime"),
            time(fields, "ctime"),
            uid,
            gid,
            users.computeIfAbsent(uid, number -> name(path, "unix:owner", number, links)),
            groups.computeIfAbsent(gid, number -> name(path, "unix:group", number, links)),
            number(fields, "ino"),
            number(fields, "dev"),
            // The links of a directory count its children; restic leaves them out as well.
            type == EntryType.DIRECTORY ? 0 : number(fields, "nlink"),
            Map.of());
    return new Status(type, size, device ? number(fields, "rdev") : 0, attributes);
  }

  private static EntryType type(Path path, int mode) throws IOException {
    return switch (mode & TYPE_MASK) {
      case 0100000 -> EntryType.FILE;
      case 0040000 -> EntryType.DIRECTORY;
      case 0120000 -> EntryType.SYMLINK;
      case 0010000 -> EntryType.FIFO;
      case 0140000 -> EntryType.SOCKET;
      case 0020000 -> EntryType.CHARACTER_DEVICE;
      case 0060000 -> EntryType.BLOCK_DEVICE;
      default ->
          throw new FileSystemException(
              path.toString(), null, "unknown type of file: mode 0" + Integer.toOctalString(mode));
    };
  }

  private static long number(Map<String, Object> fields, String name) throws IOException {
    if (fields.get(name) instanceof Number number) {
      return number.longValue();
    }
    throw new IOException("The file system does not tell " + name);
  }

  private static Instant time(Map<String, Object> fields, String name) throws IOException {
    if (fields.get(name) instanceof FileTime time) {
      return time.toInstant();
    }
    throw new IOException("The file system does not tell " + name);
  }

  /** The name of an owner; empty if the system knows only the number. */
  private static String name(Path path, String attribute, Long number, LinkOption... links) {
    try {
      Object owner = Files.getAttribute(path, attribute, links);
      String name = owner instanceof Principal principal ? principal.getName() : "";
      boolean unknown =
          name.equals(Long.toString(number)) || name.equals(Integer.toString(number.intValue()));
      return unknown ? "" : name;
    } catch (IOException vanished) {
      return "";
    }
  }
}
