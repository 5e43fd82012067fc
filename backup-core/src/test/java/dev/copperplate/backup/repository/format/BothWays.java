package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is stored twice: as everybody does, with a scanner for the usual form in front, and by
 * the parser of JSON alone. What comes out must be the same, errors included.
 */
final class BothWays {

  private BothWays() {}

  /** Reads a tree both ways and returns how many nodes it has. */
  static int tree(byte[] tree) {
    List<Object> parsed = new ArrayList<>();
    try (TreeParser parser = new TreeParser(tree)) {
      collect(parser::next, parsed);
    }
    List<Object> read = new ArrayList<>();
    try (TreeReader reader = new TreeReader(tree)) {
      collect(reader::next, read);
    }
    assertEquals(parsed, read);
    return read.size();
  }

  /** Reads an index file both ways and returns how much a visitor hears. */
  static int index(byte[] json) {
    Heard parsed = new Heard();
    try {
      IndexParser.read(json, parsed);
    } catch (FormatException broken) {
      parsed.all.add(String.valueOf(broken.getMessage()));
    }
    Heard read = new Heard();
    try {
      IndexReader.read(json, read);
    } catch (FormatException broken) {
      read.all.add(String.valueOf(broken.getMessage()));
    }
    assertEquals(parsed.all, read.all);
    return read.all.size();
  }

  private static void collect(Items items, List<Object> to) {
    try {
      for (TreeItem item = items.next(); item != null; item = items.next()) {
        to.add(item);
      }
    } catch (FormatException broken) {
      to.add(String.valueOf(broken.getMessage()));
    }
  }

  /** Something that hands out nodes. */
  private interface Items {
    @Nullable TreeItem next() throws FormatException;
  }

  /** All that a visitor hears, in its order. */
  private static final class Heard implements IndexVisitor {

    private final List<Object> all = new ArrayList<>();

    @Override
    public void pack(Sha256 pack) {
      all.add("pack " + pack);
    }

    @Override
    public void doomedPack(Sha256 pack) {
      all.add("doomed " + pack);
    }

    @Override
    public void blob(ListedBlob blob) {
      all.add(blob.entry());
    }
  }
}
