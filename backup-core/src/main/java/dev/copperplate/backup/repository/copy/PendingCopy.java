package dev.copperplate.backup.repository.copy;

import dev.copperplate.backup.repository.format.Sha256;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is still to be done for one snapshot, and what went wrong with it. Thread-safe. */
final class PendingCopy {

  /** So many problems are named; a snapshot with more is not looked at any further. */
  static final int NAMED = 10;

  /** A directory that is to be walked. */
  record Directory(Sha256 tree, Place place) {}

  // Last in, first out: what waits is bounded by depth times breadth, not by the whole tree.
  private final Deque<Directory> directories = new ArrayDeque<>();
  private Map<Sha256, Place> wanted = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private int underWay;

  synchronized void add(List<Directory> more, Map<Sha256, Place> blobs) {
    more.forEach(directories::push);
    wanted.putAll(blobs);
  }

  /** The next directory, which is under way from now on; waits for it; null if there is none. */
  synchronized @Nullable Directory take() throws InterruptedException {
    while (directories.isEmpty() && underWay > 0) {
      wait();
    }
    if (directories.isEmpty()) {
      return null;
    }
    underWay++;
    return directories.pop();
  }

  /** A directory is no longer under way. */
  synchronized void done() {
    underWay--;
    notifyAll();
  }

  /** The pieces of files that are to be fetched, if there are at least so many. */
  synchronized Map<Sha256, Place> takeWanted(int least) {
    if (wanted.size() < least) {
      return Map.of();
    }
    Map<Sha256, Place> taken = wanted;
    wanted = new LinkedHashMap<>();
    return taken;
  }

  synchronized void problem(Place place, @Nullable String what) {
    if (problems.size() < NAMED) {
      problems.add(place + ": " + what);
    }
    if (problems.size() == NAMED) {
      directories.clear();
      wanted.clear();
    }
  }

  /** Whether so much is wrong that looking for more is idle. */
  synchronized boolean isGivenUp() {
    return problems.size() >= NAMED;
  }

  synchronized List<String> problems() {
    return List.copyOf(problems);
  }
}
