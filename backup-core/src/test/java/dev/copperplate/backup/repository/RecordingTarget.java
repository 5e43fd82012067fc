package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Notes what was put and deleted, in order; a put when it begins and when it has ended. */
final class RecordingTarget extends DecoratedTarget {

  /** What happened to an object. */
  enum What {
    BEGUN,
    STORED,
    DELETED
  }

  /** One thing that happened. */
  record Event(What what, ObjectKey key) {

    boolean is(What happened, String prefix) {
      return what == happened && key.value().startsWith(prefix);
    }
  }

  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());

  RecordingTarget(BackupTarget target) {
    super(target);
  }

  /** What happened so far. */
  List<Event> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    events.add(new Event(What.BEGUN, key));
    super.put(key, content, options);
    events.add(new Event(What.STORED, key));
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    Map<ObjectKey, BackupException> remaining = super.delete(keys);
    for (ObjectKey key : keys) {
      if (!remaining.containsKey(key)) {
        events.add(new Event(What.DELETED, key));
      }
    }
    return remaining;
  }
}
