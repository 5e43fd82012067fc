package dev.copperplate.backup.repository.format;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of one node while it is read. */
final class NodeFields {

  private String quotedName = "";
  private @Nullable EntryType type;
  private long mode;
  private Instant modified = Timestamps.UNKNOWN;
  private Instant accessed = Timestamps.UNKNOWN;
  private Instant changed = Timestamps.UNKNOWN;
  private long uid;
  private long gid;
  private String user = "";
  private String group = "";
  private long inode;
  private long deviceId;
  private long size;
  private long links;
  private String linkTarget = "";
  private byte @Nullable [] rawLinkTarget;
  private List<String> extendedOrder = List.of();
  private Map<String, RawName> extended = Map.of();
  private long device;
  private @Nullable BlobIds content;
  private @Nullable Sha256 subtree;
  private String error = "";

  /** Reads the node at which the cursor stands, to its end. */
  TreeItem read(JsonInput in) throws FormatException {
    if (!in.isObject()) {
      in.skip();
      return new DamagedNode("", "It is no object");
    }
    int depth = in.depth();
    try {
      for (String field = in.nextField(); field != null; field = in.nextField()) {
        read(field, in);
      }
      return node();
    } catch (BadValueException | IllegalArgumentException e) {
      in.leave(depth);
      return new DamagedNode(quotedName, String.valueOf(e.getMessage()));
    }
  }

  private void read(String field, JsonInput in) throws FormatException {
    switch (field) {
      case "name" -> quotedName = in.string(field);
      case "type" -> type = NodeType.parse(in.string(field));
      case "mode" -> mode = in.uint32(field);
      case "mtime" -> modified = in.time(field);
      case "atime" -> accessed = in.time(field);
      case "ctime" -> changed = in.time(field);
      case "uid" -> uid = in.uint32(field);
      case "gid" -> gid = in.uint32(field);
      case "user" -> user = in.string(field);
      case "group" -> group = in.string(field);
      case "inode" -> inode = in.unsigned(field);
      case "device_id" -> deviceId = in.unsigned(field);
      case "size" -> size = in.natural(field);
      case "links" -> links = in.unsigned(field);
      case "linktarget" -> linkTarget = in.string(field);
      case "linktarget_raw" -> rawLinkTarget = in.base64(field);
      case "extended_attributes" -> readExtended(in);
      case "device" -> device = in.unsigned(field);
      case "content" -> content = readContent(in);
      case "subtree" -> subtree = in.id(field);
      case "error" -> error = in.string(field);
      default -> in.skip();
    }
  }

  private void readExtended(JsonInput in) throws FormatException {
    extended = new HashMap<>();
    extendedOrder = new ArrayList<>();
    in.beginArray("extended_attributes");
    while (in.nextElement()) {
      in.requireObject("extended_attributes");
      readAttribute(in);
    }
  }

  private void readAttribute(JsonInput in) throws FormatException {
    String name = "";
    byte[] value = {};
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "name" -> name = in.string(field);
        case "value" -> value = in.base64(field);
        default -> in.skip();
      }
    }
    if (extended.put(name, RawName.of(value)) != null) {
      throw new BadValueException("An extended attribute is listed twice");
    }
    extendedOrder.add(name);
  }

  private static BlobIds readContent(JsonInput in) throws FormatException {
    BlobIds.Builder ids = new BlobIds.Builder();
    long[] words = new long[Sha256.WORDS];
    in.beginArray("content");
    while (in.nextElement()) {
      in.id("content", words);
      ids.add(words[0], words[1], words[2], words[3]);
    }
    return ids.build();
  }

  /** What does not belong to its type is dropped: such a node is not canonical, but can be used. */
  private TreeNode node() throws BadValueException {
    if (type == null) {
      throw new BadValueException("It has no type");
    }
    return new TreeNode(
        RawName.of(QuotedName.decode(quotedName)),
        type,
        attributes(),
        extendedOrder,
        size,
        type == EntryType.FILE ? fileContent() : BlobIds.NONE,
        type == EntryType.DIRECTORY ? subtree : null,
        type == EntryType.SYMLINK ? target() : null,
        device,
        error);
  }

  private Attributes attributes() {
    return new Attributes(
        FileMode.permissions(mode),
        modified,
        accessed,
        changed,
        uid,
        gid,
        user,
        group,
        inode,
        deviceId,
        links,
        extended);
  }

  private BlobIds fileContent() throws BadValueException {
    if (content != null) {
      return content;
    }
    if (size > 0) {
      throw new BadValueException("It is a file of " + size + " bytes without content");
    }
    return BlobIds.NONE;
  }

  private RawName target() {
    return RawName.of(rawLinkTarget != null ? rawLinkTarget : Utf8.encode(linkTarget));
  }
}
