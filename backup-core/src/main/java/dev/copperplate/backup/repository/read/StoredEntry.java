package dev.copperplate.backup.repository.read;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.repository.format.BlobIds;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.TreeNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a stored snapshot, with the blobs that hold its content.
 *
 * @param repository the id of the repository that holds them
 * @param content the blobs of a file, otherwise none
 * @param subtree the blob of a directory, otherwise null
 * @param origin the directory that it was read from; null if its bytes there are not known
 */
public record StoredEntry(
    String repository,
    EntryPath path,
    EntryType type,
    Attributes attributes,
    long size,
    BlobIds content,
    @Nullable Sha256 subtree,
    Optional<RawName> linkTarget,
    long deviceNumber,
    @Nullable Origin origin)
    implements Entry {

  /**
   * The bytes that an entry is in its directory.
   *
   * @param tree the directory
   * @param size how many bytes
   */
  public record Origin(Sha256 tree, int size) {}

  static StoredEntry of(String repository, EntryPath path, TreeNode node, @Nullable Origin origin) {
    return new StoredEntry(
        repository,
        path,
        node.type(),
        node.attributes(),
        node.size(),
        node.content(),
        node.subtree(),
        Optional.ofNullable(node.linkTarget()),
        node.deviceNumber(),
        origin);
  }

  static StoredEntry root(String repository, Sha256 tree) {
    return new StoredEntry(
        repository,
        EntryPath.ROOT,
        EntryType.DIRECTORY,
        Attributes.PLAIN_DIRECTORY,
        0,
        BlobIds.NONE,
        tree,
        Optional.empty(),
        0,
        null);
  }

  /** Type and path: ids and attributes help nobody in a message. */
  @Override
  public String toString() {
    return type + " " + path;
  }
}
