package dev.copperplate.backup.repository.copy;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where something was found, for messages. One name each, so that a tree as deep as somebody cares
 * to make it costs no more than its directories.
 *
 * @param parent the directory; null for the root
 * @param name in it; null for the root
 */
record Place(@Nullable Place parent, @Nullable RawName name) {

  static final Place ROOT = new Place(null, null);

  /** What a message shows of a path; the end says more than the beginning. */
  private static final int SHOWN = 64;

  Place child(RawName below) {
    return new Place(this, below);
  }

  @Override
  public String toString() {
    Deque<RawName> names = new ArrayDeque<>();
    Place at = this;
    for (; at != null && at.name != null && names.size() < SHOWN; at = at.parent) {
      names.addFirst(at.name);
    }
    boolean whole = at == null || at.name == null;
    return (whole ? "" : "…") + new EntryPath(List.copyOf(names));
  }
}
