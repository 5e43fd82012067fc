package dev.copperplate.backup.repository.format;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a directory, as a tree holds it. Immutable. Made by {@link #file}, {@link
 * #directory}, {@link #symlink} and {@link #special}.
 *
 * @param name not empty, {@code .} or {@code ..}, without slash and NUL
 * @param type what it is
 * @param attributes its metadata. restic leaves the number of links of directories at 0.
 * @param extendedOrder the names of the extended attributes in the order in which they are stored;
 *     empty if that is their ascending order. Other tools keep the order of the file system.
 * @param size bytes of a file, otherwise 0
 * @param content the blobs of a file, otherwise none
 * @param subtree the tree of a directory, otherwise null
 * @param linkTarget where a symbolic link leads, otherwise null
 * @param deviceNumber what a device stands for, unsigned, otherwise 0
 * @param error what went wrong when it was read, or empty
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design, "Trees
 *     and Data"</a>
 */
public record TreeNode(
    RawName name,
    EntryType type,
    Attributes attributes,
    List<String> extendedOrder,
    long size,
    BlobIds content,
    @Nullable Sha256 subtree,
    @Nullable RawName linkTarget,
    long deviceNumber,
    String error)
    implements TreeItem {

  public TreeNode {
    Objects.requireNonNull(type);
    Objects.requireNonNull(error);
    require(EntryPath.isValid(name), "This can be no name");
    require(size >= 0, "The size is negative");
    require(type == EntryType.FILE || content.isEmpty(), "Only files have content");
    require((type == EntryType.DIRECTORY) == (subtree != null), "Directories have a subtree");
    require((type == EntryType.SYMLINK) == (linkTarget != null), "Symbolic links have a target");
    require(linkTarget == null || linkTarget.length() > 0, "The target of the link is empty");
    extendedOrder = withoutNaturalOrder(extendedOrder, attributes);
  }

  /** A file of {@code size} bytes, which are those of its blobs. */
  public static TreeNode file(RawName name, Attributes attributes, long size, BlobIds content) {
    return new TreeNode(
        name, EntryType.FILE, attributes, List.of(), size, content, null, null, 0, "");
  }

  /** A directory whose entries are in the subtree. */
  public static TreeNode directory(RawName name, Attributes attributes, Sha256 subtree) {
    return new TreeNode(
        name, EntryType.DIRECTORY, attributes, List.of(), 0, BlobIds.NONE, subtree, null, 0, "");
  }

  /** A symbolic link. */
  public static TreeNode symlink(RawName name, Attributes attributes, RawName target) {
    return new TreeNode(
        name, EntryType.SYMLINK, attributes, List.of(), 0, BlobIds.NONE, null, target, 0, "");
  }

  /** A fifo, socket or device; the number is that of a device. */
  public static TreeNode special(
      RawName name, EntryType type, Attributes attributes, long deviceNumber) {
    return new TreeNode(
        name, type, attributes, List.of(), 0, BlobIds.NONE, null, null, deviceNumber, "");
  }

  /** The names of the extended attributes in the order in which they are written. */
  List<String> extendedNames() {
    return extendedOrder.isEmpty() ? List.copyOf(attributes.extended().keySet()) : extendedOrder;
  }

  private static List<String> withoutNaturalOrder(List<String> order, Attributes attributes) {
    List<String> natural = new ArrayList<>(attributes.extended().keySet());
    if (order.isEmpty() || order.equals(natural)) {
      return List.of();
    }
    boolean same = order.size() == natural.size() && new HashSet<>(order).containsAll(natural);
    require(same, "The order of extended attributes names others than there are");
    return List.copyOf(order);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
