package dev.copperplate.backup.files;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunContext;
import java.util.EnumMap;
import java.util.Map;

/** Counts what could not be carried, for one finding a kind. Thread-safe. */
final class Losses {

  private final Map<Loss, Count> counts = new EnumMap<>(Loss.class);

  synchronized void add(Loss loss, EntryPath path) {
    Count count = counts.computeIfAbsent(loss, each -> new Count());
    count.number++;
    // The least of all, so that the message does not depend on which worker came first.
    if (count.example.isRoot() || path.compareTo(count.example) < 0) {
      count.example = path;
    }
  }

  synchronized void report(RunContext context) {
    counts.forEach(
        (loss, count) ->
            context.report(
                new Finding(
                    loss.severity(),
                    count.example.toString(),
                    count.number + " entries, this one among them, " + loss.words(),
                    "")));
  }

  private static final class Count {
    private long number;
    private EntryPath example = EntryPath.ROOT;
  }
}
