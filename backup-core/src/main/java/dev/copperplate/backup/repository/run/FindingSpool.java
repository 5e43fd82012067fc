package dev.copperplate.backup.repository.run;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.records.FindingJson;
import dev.copperplate.backup.repository.format.JsonInput;
import dev.copperplate.backup.repository.format.JsonOutput;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The findings for which there is no room in memory, one line of JSON each, in a file of its own
 * that nobody else may read: a run's scratch directory is the source's, which may want it empty.
 * Takes a stated number of bytes; what comes after that, or after a failure, is not kept. To be
 * used by one thread at a time.
 */
final class FindingSpool implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(FindingSpool.class);

  /** More than any record of findings holds. */
  private static final long MAX_BYTES = 16 << 20;

  private final Path directory;
  private @Nullable Path file;
  private @Nullable OutputStream out;
  private long size;
  private boolean full;

  /**
   * @param directory where the file is made, with the first finding
   */
  FindingSpool(Path directory) {
    this.directory = directory;
  }

  /** Takes in a finding, if there is room. */
  void add(Finding finding) {
    if (full) {
      return;
    }
    JsonOutput line = new JsonOutput();
    FindingJson.write(line, finding);
    byte[] bytes = line.newline().toByteArray();
    try {
      opened().write(bytes);
      size += bytes.length;
      full = size >= MAX_BYTES;
    } catch (IOException failure) {
      full = true;
      LOG.warn("Findings cannot be kept in {}; they are counted only", directory, failure);
    }
  }

  private OutputStream opened() throws IOException {
    if (out == null) {
      Path made = Files.createTempFile(directory, "copperplate-findings-", ".jsonl");
      file = made;
      out = new BufferedOutputStream(Files.newOutputStream(made));
    }
    return out;
  }

  /** What was taken in, in order. The caller closes the cursor; nothing is added meanwhile. */
  Cursor<Finding> read() throws IOException {
    if (out == null || file == null) {
      return () -> null;
    }
    out.flush();
    BufferedReader lines = Files.newBufferedReader(file);
    return new Cursor<>() {
      @Override
      public @Nullable Finding next() throws IOException {
        String line = lines.readLine();
        return line == null ? null : parse(line);
      }

      @Override
      public void close() throws IOException {
        lines.close();
      }
    };
  }

  private static Finding parse(String line) throws IOException {
    try (JsonInput in = new JsonInput(line.getBytes(StandardCharsets.UTF_8))) {
      in.nextElement();
      return FindingJson.read(in);
    }
  }

  /** Removes the file. */
  @Override
  public void close() throws IOException {
    full = true;
    OutputStream opened = out;
    out = null;
    try {
      if (opened != null) {
        opened.close();
      }
    } finally {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    }
  }
}
