package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The main class of a child that prunes. Each put and each deletion of one object is a step; before
 * or after the one that it was given it says {@code stopped} and stays there, so that its parent
 * can kill it at that very moment.
 */
final class KilledPrune {

  private KilledPrune() {}

  /** Arguments: directory, number of the step, whether it is stopped after it. */
  public static void main(String[] arguments) throws Exception {
    say("started");
    BackupTarget target =
        new Stopping(
            LocalTarget.at(Path.of(arguments[0])),
            Integer.parseInt(arguments[1]),
            Boolean.parseBoolean(arguments[2]));
    try (BackupRepository repository =
        BackupRepository.open(target, TestRepositories.PASSWORDS, RepositoryOptions.DEFAULT)) {
      say("opened");
      PruneReport report = repository.prune(PruneOptions.DEFAULT.maxUnused(0));
      say("pruned " + report);
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static final class Stopping extends DecoratedTarget {

    private final AtomicInteger steps = new AtomicInteger();
    private final int stop;
    private final boolean after;

    Stopping(BackupTarget target, int stop, boolean after) {
      super(target);
      this.stop = stop;
      this.after = after;
    }

    @Override
    public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
      int step = steps.incrementAndGet();
      reach(step, false, "put " + key);
      super.put(key, content, options);
      reach(step, true, "put " + key);
    }

    @Override
    public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
      for (ObjectKey each : keys) {
        int step = steps.incrementAndGet();
        reach(step, false, "delete " + each);
        Map<ObjectKey, BackupException> left = super.delete(List.of(each));
        if (!left.isEmpty()) {
          throw new IOException(each + " stays");
        }
        reach(step, true, "delete " + each);
      }
      return Map.of();
    }

    private void reach(int step, boolean isAfter, String what) {
      if (step == stop && after == isAfter) {
        say("stopped " + (after ? "after " : "before ") + step + ": " + what);
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException cancelled) {
          throw new IllegalStateException(cancelled);
        }
      }
    }
  }
}
