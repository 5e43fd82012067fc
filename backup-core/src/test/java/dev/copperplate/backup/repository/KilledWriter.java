package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.target.LocalTarget;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The main class of a child that makes one backup of a {@link GeneratedSource} and tells of each
 * put. At the put and phase that it was given it says {@code stopped} and stays there, so that its
 * parent can kill it at that very moment.
 */
final class KilledWriter {

  /** Where in a put it stops. */
  enum Phase {
    BEGUN,
    HALF,
    ENDED,
    NEVER
  }

  private KilledWriter() {}

  /** Arguments: directory, name, first seed, files, size, number of the put, phase. */
  public static void main(String[] arguments) throws Exception {
    say("started");
    GeneratedSource source =
        new GeneratedSource(
            arguments[1],
            Long.parseLong(arguments[2]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]));
    int stop = Integer.parseInt(arguments[5]);
    Phase phase = Phase.valueOf(arguments[6]);
    BackupTarget target = new Stopping(LocalTarget.at(Path.of(arguments[0])), stop, phase);
    try (BackupRepository repository =
        BackupRepository.open(target, TestRepositories.PASSWORDS, RepositoryOptions.DEFAULT)) {
      say("opened");
      say("made " + repository.backup(source).snapshot().id().hex());
    }
  }

  static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  /** Counts puts and stops at one of them. */
  static final class Stopping extends DecoratedTarget {

    private final AtomicInteger puts = new AtomicInteger();
    private final int stop;
    private final Phase phase;

    Stopping(BackupTarget target, int stop, Phase phase) {
      super(target);
      this.stop = stop;
      this.phase = phase;
    }

    @Override
    public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
      int number = puts.incrementAndGet();
      reach(number, Phase.BEGUN, key);
      super.put(key, new Halved(content, () -> reach(number, Phase.HALF, key)), options);
      reach(number, Phase.ENDED, key);
    }

    private void reach(int number, Phase reached, ObjectKey key) {
      if (number == stop && reached == phase) {
        say("stopped at put " + number + " " + reached + " " + key);
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException cancelled) {
          throw new IllegalStateException(cancelled);
        }
      }
    }
  }

  /** Content that tells when half of it was read. */
  private record Halved(Content content, Runnable half) implements Content {

    @Override
    public long length() {
      return content.length();
    }

    @Override
    public InputStream open() throws IOException {
      return new FilterInputStream(content.open()) {
        private long read;

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
          if (read < content.length() / 2) {
            int most = (int) Math.min(length, Math.max(1, content.length() / 2 - read));
            int count = super.read(buffer, offset, most);
            read += count;
            return count;
          }
          if (read == content.length() / 2) {
            half.run();
          }
          int count = super.read(buffer, offset, length);
          read += Math.max(count, 0);
          return count;
        }
      };
    }
  }
}
