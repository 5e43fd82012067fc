package dev.copperplate.backup.files;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.RunContext;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a first capture is going to read, for progress alone: mistakes (a file system that is
 * not entered, a second name of one file) do not matter.
 */
final class Census implements Callable<Boolean> {

  private final Map<EntryPath, Path> tops;
  private final CaptureOptions options;
  private final RunContext context;
  private long files;
  private long bytes;

  Census(Map<EntryPath, Path> tops, CaptureOptions options, RunContext context) {
    this.tops = Map.copyOf(tops);
    this.options = options;
    this.context = context;
  }

  @Override
  public Boolean call() throws IOException {
    for (Map.Entry<EntryPath, Path> top : tops.entrySet()) {
      Files.walkFileTree(top.getValue(), new Counter(top.getKey().names().size()));
    }
    context.expect(files, bytes);
    return true;
  }

  private final class Counter extends SimpleFileVisitor<Path> {

    private final int depth;

    Counter(int depth) {
      this.depth = depth;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
        throws IOException {
      if (Thread.currentThread().isInterrupted()) {
        throw new ClosedByInterruptException();
      }
      return holds(path, true) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
      if (attributes.isRegularFile() && holds(path, false)) {
        files++;
        bytes += attributes.size();
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException failure) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure) {
      return FileVisitResult.CONTINUE;
    }

    private boolean holds(Path path, boolean directory) {
      List<RawName> names = PathBytes.entryPath(path).names();
      return options.scope().holds(names.subList(depth, names.size()), directory);
    }
  }
}
