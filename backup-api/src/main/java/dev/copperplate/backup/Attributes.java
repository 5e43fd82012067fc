package dev.copperplate.backup;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of an entry. What a system does not have is zero or empty.
 *
 * @param permissions the lower twelve bits of the mode: permissions, setuid, setgid, sticky
 * @param modified time of the last change of the content
 * @param accessed time of the last access
 * @param changed time of the last change of the metadata
 * @param uid number of the owner, 0 to 2^32 - 1
 * @param gid number of the group, 0 to 2^32 - 1
 * @param user name of the owner, or empty
 * @param group name of the group, or empty
 * @param inode number of the file in its file system, unsigned
 * @param device number of its file system, unsigned
 * @param links number of hard links; more than one makes a restore link entries of equal inode and
 *     device
 * @param extended extended attributes by full name ({@code user.mime_type}); values are bytes
 */
public record Attributes(
    int permissions,
    Instant modified,
    Instant accessed,
    Instant changed,
    long uid,
    long gid,
    String user,
    String group,
    long inode,
    long device,
    long links,
    Map<String, RawName> extended) {

  /** For systems that have no files: readable by the owner, owner 0, times at the epoch. */
  public static final Attributes PLAIN =
      new Attributes(
          0600, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, 0, 0, "", "", 0, 0, 0, Map.of());

  /** The same for directories: accessible to the owner. */
  public static final Attributes PLAIN_DIRECTORY = PLAIN.permissions(0700);

  private static final long MAX_OWNER = 0xffff_ffffL;

  public Attributes {
    if ((permissions & ~07777) != 0) {
      throw new IllegalArgumentException(
          "Permissions are twelve bits: 0" + Integer.toOctalString(permissions));
    }
    if (uid < 0 || uid > MAX_OWNER || gid < 0 || gid > MAX_OWNER) {
      throw new IllegalArgumentException("Owners are 32-bit numbers: " + uid + ":" + gid);
    }
    if (!extended.isEmpty()) {
      SortedMap<String, RawName> sorted = new TreeMap<>(extended);
      extended = Collections.unmodifiableSortedMap(sorted);
    }
  }

  // Written out for the sake of programs that begin and end often; see EntryPath.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Attributes that
        && permissions == that.permissions
        && modified.equals(that.modified)
        && accessed.equals(that.accessed)
        && changed.equals(that.changed)
        && uid == that.uid
        && gid == that.gid
        && user.equals(that.user)
        && group.equals(that.group)
        && inode == that.inode
        && device == that.device
        && links == that.links
        && extended.equals(that.extended);
  }

  @Override
  public int hashCode() {
    return 31 * modified.hashCode() + Long.hashCode(inode);
  }

  /** These attributes with all three times set. */
  public Attributes modified(Instant at) {
    return new Attributes(
        permissions, at, at, at, uid, gid, user, group, inode, device, links, extended);
  }

  /** These attributes with other permissions. */
  public Attributes permissions(int bits) {
    return new Attributes(
        bits, modified, accessed, changed, uid, gid, user, group, inode, device, links, extended);
  }
}
