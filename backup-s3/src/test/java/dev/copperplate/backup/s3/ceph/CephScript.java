package dev.copperplate.backup.s3.ceph;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The script {@code src/test/ceph/ceph} of this module, which says itself what it can do. */
record CephScript(Path module) {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  static CephScript ofThisModule() {
    return new CephScript(Path.of(System.getProperty("basedir", "")).toAbsolutePath());
  }

  /** An empty folder that {@code mvn clean} removes, should nobody else. */
  Path newFolder() throws IOException {
    return Files.createTempDirectory(Files.createDirectories(module.resolve("target")), "ceph-");
  }

  /** Runs it and waits for its end. */
  Result run(String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(module.resolve("src/test/ceph/ceph").toString()));
    words.addAll(List.of(arguments));
    Path out = Files.createTempFile("ceph", ".out");
    Path err = Files.createTempFile("ceph", ".err");
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      process.getOutputStream().close();
      int status = end(process, words);
      return new Result(words, status, Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static int end(Process process, List<String> words) throws IOException {
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException(String.join(" ", words) + " takes longer than " + LIMIT);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(String.join(" ", words));
    } finally {
      process.destroyForcibly();
    }
  }

  record Result(List<String> command, int status, String out, String err) {

    /** What it printed, if it succeeded. */
    String orThrow() throws IOException {
      if (status != 0) {
        throw new IOException(String.join(" ", command) + " ended with " + status + ": " + err);
      }
      return out;
    }
  }
}
