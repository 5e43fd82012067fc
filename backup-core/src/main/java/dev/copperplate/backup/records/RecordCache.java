package dev.copperplate.backup.records;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what records say: they never change. Holds a stated number and then takes in no more,
 * because whoever reads all of them in turn would find none of those that came last. Thread-safe.
 */
public final class RecordCache<T> {

  private final int most;
  private final Map<RecordKey, T> known = new HashMap<>();

  public RecordCache(int most) {
    this.most = most;
  }

  /** What a record says, if that is known. */
  public synchronized @Nullable T get(RecordKey key) {
    return known.get(key);
  }

  /** Takes in what a record says. */
  public synchronized void add(RecordKey key, T says) {
    if (known.size() < most) {
      known.put(key, says);
    }
  }

  /** Forgets all records but these. */
  public void retain(Collection<RecordKey> listed) {
    Set<RecordKey> still = new HashSet<>(listed);
    synchronized (this) {
      known.keySet().retainAll(still);
    }
  }
}
