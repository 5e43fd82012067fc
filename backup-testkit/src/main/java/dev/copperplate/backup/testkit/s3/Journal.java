package dev.copperplate.backup.testkit.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The requests that came in. Thread-safe. */
final class Journal {

  private final AtomicLong arrived = new AtomicLong();
  private final List<RecordedRequest> ended = new ArrayList<>();

  long next() {
    return arrived.incrementAndGet();
  }

  long arrived() {
    return arrived.get();
  }

  synchronized void add(RecordedRequest request) {
    ended.add(request);
  }

  synchronized List<RecordedRequest> requests() {
    return List.copyOf(ended);
  }

  synchronized void forget() {
    ended.clear();
  }
}
