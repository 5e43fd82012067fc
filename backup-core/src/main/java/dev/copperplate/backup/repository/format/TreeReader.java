package dev.copperplate.backup.repository.format;

import dev.copperplate.backup.RawName;
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

  private final JsonInput in;
  private State state = State.NEW;
  private boolean sorted = true;
  private @Nullable RawName last;

  /** Reads the bytes of a tree blob, which must not change meanwhile. */
  public TreeReader(byte[] tree) {
    in = new JsonInput(tree);
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
    try {
      return read();
    } catch (FormatException e) {
      state = State.BROKEN;
      throw e;
    } finally {
      if (state == State.ENDED || state == State.BROKEN) {
        in.close();
      }
    }
  }

  /**
   * Whether the names read so far were strictly ascending and readable. If not, a name cannot be
   * looked up by halving, and {@code restic rewrite} refuses the tree.
   */
  public boolean sorted() {
    return sorted;
  }

  @Override
  public void close() {
    if (state != State.BROKEN) {
      state = State.ENDED;
    }
    in.close();
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
    if (state == State.NEW) {
      in.beginObject();
      state = State.OUTSIDE;
    }
    if (state == State.OUTSIDE) {
      enterNodes();
    }
    if (state == State.INSIDE) {
      if (in.nextElement()) {
        return node();
      }
      leaveNodes();
    }
    return null;
  }

  /** Goes on to the list of nodes, or to the end if there is none. */
  private void enterNodes() throws FormatException {
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      if (field.equals("nodes")) {
        in.beginArray(field);
        state = State.INSIDE;
        return;
      }
      in.skip();
    }
    in.end();
    state = State.ENDED;
  }

  private void leaveNodes() throws FormatException {
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      if (field.equals("nodes")) {
        throw new FormatException("The tree lists its nodes twice");
      }
      in.skip();
    }
    in.end();
    state = State.ENDED;
  }

  private TreeItem node() throws FormatException {
    TreeItem item = new NodeFields().read(in);
    if (item instanceof TreeNode node) {
      sorted &= last == null || last.compareTo(node.name()) < 0;
      last = node.name();
    } else {
      sorted = false;
    }
    return item;
  }

  /** Where the cursor is. */
  private enum State {
    NEW,
    OUTSIDE,
    INSIDE,
    ENDED,
    BROKEN
  }
}
