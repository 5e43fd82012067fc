package dev.copperplate.backup.repository.format;

import dev.copperplate.backup.RawName;
import dev.copperplate.backup.repository.format.JsonScanner.OtherForm;
import java.io.Closeable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tree blob node by node. A node that makes no sense is reported as such, and the ones
 * after it are read; broken JSON ends the tree. Unknown fields are passed over, missing ones are
 * empty, and foreign trees may be unsorted: {@link #sorted} tells.
 *
 * <p>Not thread-safe. Close it unless it was read to its end.
 *
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design, "Trees
 *     and Data"</a>
 */
public final class TreeReader implements Closeable {

  private final byte[] tree;
  private @Nullable TreeScanner scanner;
  private @Nullable TreeParser parser;
  private int scanned;
  private int size;
  private State state = State.READING;
  private boolean sorted = true;
  private @Nullable RawName last;

  /** Reads the bytes of a tree blob, which must not change meanwhile. */
  public TreeReader(byte[] tree) {
    this.tree = tree;
    scanner = new TreeScanner(tree);
  }

  /**
   * The next node, or null at the end.
   *
   * @throws FormatException if the bytes are no tree; the nodes before were sound, there are no
   *     more
   */
  public @Nullable TreeItem next() throws FormatException {
    if (state == State.BROKEN) {
      throw new FormatException("The tree is broken");
    }
    if (state == State.ENDED) {
      return null;
    }
    try {
      TreeItem item = read();
      if (item == null) {
        close();
      } else {
        look(item);
      }
      return item;
    } catch (FormatException e) {
      close();
      state = State.BROKEN;
      throw e;
    }
  }

  /**
   * Whether the names read so far were strictly ascending and readable. If not, a name cannot be
   * looked up by halving, and {@code restic rewrite} refuses the tree.
   */
  public boolean sorted() {
    return sorted;
  }

  /**
   * How many bytes of the tree the last node takes; 0 if it is not in the form that is usual, and
   * nobody knows. See {@link TreeWriter#size(int, long)}.
   */
  public int size() {
    return size;
  }

  @Override
  public void close() {
    if (state == State.READING) {
      state = State.ENDED;
    }
    scanner = null;
    if (parser != null) {
      parser.close();
    }
  }

  /** Whether the tree is to the byte what {@link TreeWriter} would write: what restic demands. */
  public static boolean isCanonical(byte[] tree) {
    TreeWriter writer = new TreeWriter();
    try (TreeReader reader = new TreeReader(tree)) {
      for (TreeItem item = reader.next(); item != null; item = reader.next()) {
        if (!reader.sorted() || !(item instanceof TreeNode node)) {
          return false;
        }
        writer.add(node);
      }
    } catch (FormatException e) {
      return false;
    }
    return Arrays.equals(writer.finish(), tree);
  }

  private @Nullable TreeItem read() throws FormatException {
    if (scanner != null) {
      try {
        TreeNode node = scanner.next();
        scanned++;
        size = scanner.size();
        return node;
      } catch (OtherForm seen) {
        scanner = null;
        size = 0;
      }
    }
    if (parser == null) {
      parser = new TreeParser(tree);
      for (int i = 0; i < scanned; i++) {
        parser.skip();
      }
    }
    return parser.next();
  }

  private void look(TreeItem item) {
    if (item instanceof TreeNode node) {
      sorted &= last == null || last.compareTo(node.name()) < 0;
      last = node.name();
    } else {
      sorted = false;
    }
  }

  /** Whether there is more to read. */
  private enum State {
    READING,
    ENDED,
    BROKEN
  }
}
