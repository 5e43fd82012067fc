package dev.copperplate.backup.testkit.s3;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The faults that were arranged; of several for one request the first counts. Thread-safe. */
final class Faults {

  private record Arranged(Predicate<S3Request> calls, S3Fault fault) {}

  private final List<Arranged> arranged = new CopyOnWriteArrayList<>();

  void add(S3Calls calls, S3Fault fault) {
    arranged.add(new Arranged(calls.counting(), fault));
  }

  void clear() {
    arranged.clear();
  }

  /** Every arrangement counts the request, whichever befalls it. */
  @Nullable S3Fault of(S3Request request) {
    S3Fault first = null;
    for (Arranged each : arranged) {
      if (each.calls().test(request) && first == null) {
        first = each.fault();
      }
    }
    return first;
  }
}
