package dev.copperplate.backup.repository.format;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.repository.format.JsonScanner.OtherForm;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the nodes of a tree as long as they have the form that nearly all have: fields in restic's
 * order, strings without escapes, no extended attributes, no errors. Not thread-safe.
 */
final class TreeScanner {

  private static final byte[] BEGIN = JsonScanner.literal("{\"nodes\":[");
  private static final byte[] END = JsonScanner.literal("]}\n");
  private static final byte[] NEXT = JsonScanner.literal(",");
  private static final byte[] NAME = JsonScanner.literal("{\"name\":");
  private static final byte[] FILE = JsonScanner.literal(",\"type\":\"file\"");
  private static final byte[] DIRECTORY = JsonScanner.literal(",\"type\":\"dir\"");
  private static final byte[] SYMLINK = JsonScanner.literal(",\"type\":\"symlink\"");

  // What is zero or empty is left out. The numbers are places in this list.
  private static final byte[][] FIELDS =
      fields(
          "mode",
          "mtime",
          "atime",
          "ctime",
          "uid",
          "gid",
          "user",
          "group",
          "inode",
          "device_id",
          "size",
          "links");
  private static final int MODE = 0;
  private static final int MODIFIED = 1;
  private static final int ACCESSED = 2;
  private static final int CHANGED = 3;
  private static final int UID = 4;
  private static final int GID = 5;
  private static final int USER = 6;
  private static final int GROUP = 7;
  private static final int INODE = 8;
  private static final int DEVICE = 9;
  private static final int SIZE = 10;
  private static final int LINKS = 11;

  private static final byte[] LINK_TARGET = JsonScanner.literal(",\"linktarget\":");
  private static final byte[] CONTENT = JsonScanner.literal(",\"content\":[");
  private static final byte[] CONTENT_END = JsonScanner.literal("]");
  private static final byte[] NO_CONTENT = JsonScanner.literal(",\"content\":null");
  private static final byte[] SUBTREE = JsonScanner.literal(",\"subtree\":");
  private static final byte[] NODE_END = JsonScanner.literal("}");

  private final JsonScanner in;
  private final long[] words = new long[Sha256.WORDS];
  private final long[] numbers = new long[FIELDS.length];
  private final Instant[] times = new Instant[FIELDS.length];
  private final Text[] texts = new Text[FIELDS.length];
  private boolean begun;
  private int size;

  TreeScanner(byte[] tree) {
    in = new JsonScanner(tree);
    Arrays.fill(texts, Text.EMPTY);
  }

  /** The next node, or null at the end of the tree. */
  @Nullable TreeNode next() throws OtherForm {
    if (!begun) {
      in.expect(BEGIN);
    }
    if (in.take(END)) {
      in.end();
      return null;
    }
    if (begun) {
      in.expect(NEXT);
    }
    begun = true;
    int from = in.position();
    try {
      TreeNode node = node();
      size = in.position() - from;
      return node;
    } catch (IllegalArgumentException nonsense) {
      throw new OtherForm(); // where what is wrong with it is told
    }
  }

  /** How many bytes the last node takes. */
  int size() {
    return size;
  }

  private TreeNode node() throws OtherForm {
    in.expect(NAME);
    RawName name = RawName.of(in.text());
    EntryType type = type();
    readFields();
    RawName linkTarget = null;
    if (type == EntryType.SYMLINK) {
      in.expect(LINK_TARGET);
      linkTarget = RawName.of(in.text());
    }
    BlobIds content = content(type);
    Sha256 subtree = null;
    if (type == EntryType.DIRECTORY) {
      in.expect(SUBTREE);
      subtree = in.id();
    }
    in.expect(NODE_END);
    return new TreeNode(
        name, type, attributes(), List.of(), numbers[SIZE], content, subtree, linkTarget, 0, "");
  }

  /** In a loop, because a compiler makes code of each call that stands here. */
  private void readFields() throws OtherForm {
    for (int i = 0; i < FIELDS.length; i++) {
      boolean there = in.take(FIELDS[i]);
      if (i >= MODIFIED && i <= CHANGED) {
        times[i] = there ? in.time() : Timestamps.UNKNOWN;
      } else if (i == USER || i == GROUP) {
        texts[i] = there ? texts[i].or(in.text()) : Text.EMPTY;
      } else {
        numbers[i] = there ? in.unsigned() : 0;
      }
    }
    if (numbers[MODE] >>> Integer.SIZE != 0) {
      throw new OtherForm();
    }
  }

  private Attributes attributes() {
    return new Attributes(
        FileMode.permissions(numbers[MODE]),
        times[MODIFIED],
        times[ACCESSED],
        times[CHANGED],
        numbers[UID],
        numbers[GID],
        texts[USER].text(),
        texts[GROUP].text(),
        numbers[INODE],
        numbers[DEVICE],
        numbers[LINKS],
        Map.of());
  }

  private static byte[][] fields(String... names) {
    return Arrays.stream(names)
        .map(name -> JsonScanner.literal(",\"" + name + "\":"))
        .toArray(byte[][]::new);
  }

  private EntryType type() throws OtherForm {
    if (in.take(FILE)) {
      return EntryType.FILE;
    }
    if (in.take(DIRECTORY)) {
      return EntryType.DIRECTORY;
    }
    in.expect(SYMLINK);
    return EntryType.SYMLINK;
  }

  private BlobIds content(EntryType type) throws OtherForm {
    if (type != EntryType.FILE) {
      in.expect(NO_CONTENT);
      return BlobIds.NONE;
    }
    in.expect(CONTENT);
    if (in.take(CONTENT_END)) {
      return BlobIds.NONE;
    }
    BlobIds.Builder ids = new BlobIds.Builder();
    do {
      in.id(words);
      ids.add(words[0], words[1], words[2], words[3]);
    } while (in.take(NEXT));
    in.expect(CONTENT_END);
    return ids.build();
  }

  /** A name of an owner: most nodes of a directory have the same. */
  private record Text(byte[] utf8, String text) {

    static final Text EMPTY = new Text(new byte[0], "");

    /** This, if it has these bytes. */
    Text or(byte[] other) {
      return Arrays.equals(utf8, other)
          ? this
          : new Text(other, new String(other, StandardCharsets.UTF_8));
    }
  }
}
