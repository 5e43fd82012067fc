package dev.copperplate.backup.repository.format;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree blob: the canonical bytes of a directory, whose SHA-256 is the directory's id.
 * Memory is proportional to these bytes. Not thread-safe.
 *
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design, "Trees
 *     and Data"</a>
 */
public final class TreeWriter {

  private final JsonOutput out = new JsonOutput().beginObject().field("nodes").beginArray();
  private @Nullable RawName last;
  private boolean finished;

  /**
   * Adds the next node.
   *
   * @throws IllegalArgumentException if its name does not come after the last one, by unsigned
   *     bytes
   */
  public TreeWriter add(TreeNode node) {
    requireUnfinished();
    if (last != null && last.compareTo(node.name()) >= 0) {
      throw new IllegalArgumentException(
          "Nodes come in ascending order: '" + node.name() + "' after '" + last + "'");
    }
    last = node.name();
    write(node);
    return this;
  }

  /** How many bytes the tree has so far. */
  public int size() {
    return out.size();
  }

  /**
   * How many bytes a tree has.
   *
   * @param nodes how many are in it
   * @param bytes what they take together
   */
  public static long size(int nodes, long bytes) {
    return "{\"nodes\":[]}\n".length() + bytes + Math.max(0, nodes - 1);
  }

  /** The bytes of the blob. Nothing can be added any more. */
  public byte[] finish() {
    requireUnfinished();
    finished = true;
    return out.endArray().endObject().newline().toByteArray();
  }

  private void write(TreeNode node) {
    Attributes attributes = node.attributes();
    out.element().beginObject();
    out.field("name").string(QuotedName.encode(node.name().toByteArray()));
    out.field("type").string(NodeType.json(node.type()));
    out.optional("mode", FileMode.encode(node.type(), attributes.permissions()));
    out.field("mtime").time(attributes.modified());
    out.field("atime").time(attributes.accessed());
    out.field("ctime").time(attributes.changed());
    out.field("uid").number(attributes.uid());
    out.field("gid").number(attributes.gid());
    out.optional("user", attributes.user());
    out.optional("group", attributes.group());
    out.optional("inode", attributes.inode());
    out.optional("device_id", attributes.device());
    out.optional("size", node.size());
    out.optional("links", attributes.links());
    writeLinkTarget(node.linkTarget());
    writeExtended(node);
    out.optional("device", node.deviceNumber());
    writeContent(node);
    out.optional("subtree", node.subtree());
    out.optional("error", node.error());
    out.endObject();
  }

  private void writeLinkTarget(@Nullable RawName target) {
    if (target != null) {
      byte[] bytes = target.toByteArray();
      out.field("linktarget").string(bytes);
      if (!Utf8.isValid(bytes)) {
        out.field("linktarget_raw").base64(bytes);
      }
    }
  }

  private void writeExtended(TreeNode node) {
    if (node.attributes().extended().isEmpty()) {
      return;
    }
    out.field("extended_attributes").beginArray();
    for (String name : node.extendedNames()) {
      RawName value = Objects.requireNonNull(node.attributes().extended().get(name));
      out.element().beginObject().field("name").string(name);
      out.field("value").base64(value.toByteArray()).endObject();
    }
    out.endArray();
  }

  private void writeContent(TreeNode node) {
    out.field("content");
    if (node.type() != EntryType.FILE) {
      out.nil();
      return;
    }
    BlobIds content = node.content();
    out.beginArray();
    for (int i = 0; i < content.size(); i++) {
      out.element().id(content, i);
    }
    out.endArray();
  }

  private void requireUnfinished() {
    if (finished) {
      throw new IllegalStateException("The tree is finished");
    }
  }
}
