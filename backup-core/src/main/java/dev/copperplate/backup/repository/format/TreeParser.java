package dev.copperplate.backup.repository.format;

import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/** Reads a tree in whatever form JSON allows; see {@link TreeReader}. Not thread-safe. */
final class TreeParser implements Closeable {

  private final JsonInput in;
  private State state = State.NEW;

  TreeParser(byte[] tree) {
    in = new JsonInput(tree);
  }

  /** The next node, or null at the end. */
  @Nullable TreeItem next() throws FormatException {
    return goOn() ? new NodeFields().read(in) : null;
  }

  /** Passes over the next node, whatever it is. */
  void skip() throws FormatException {
    if (goOn()) {
      in.skip();
    }
  }

  @Override
  public void close() {
    in.close();
  }

  /** Goes on to the next node; false at the end. */
  private boolean goOn() throws FormatException {
    if (state == State.NEW) {
      in.beginObject();
      state = State.OUTSIDE;
      enterNodes();
    }
    if (state == State.INSIDE) {
      if (in.nextElement()) {
        return true;
      }
      leaveNodes();
    }
    return false;
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
  }

  private void leaveNodes() throws FormatException {
    state = State.OUTSIDE;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      if (field.equals("nodes")) {
        throw new FormatException("The tree lists its nodes twice");
      }
      in.skip();
    }
    in.end();
  }

  /** Where the cursor is. */
  private enum State {
    NEW,
    OUTSIDE,
    INSIDE
  }
}
