package dev.copperplate.backup.postgres.load;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A snapshot some of whose files say something else. */
public final class AlteredSnapshot implements SnapshotReader {

  private final SnapshotReader real;
  private final Map<EntryPath, UnaryOperator<String>> altered = new HashMap<>();

  public AlteredSnapshot(SnapshotReader real) {
    this.real = real;
  }

  /** Lets a file say what is made of its text. */
  public AlteredSnapshot file(String path, UnaryOperator<String> alteration) {
    altered.put(EntryPath.of(path), alteration);
    return this;
  }

  @Override
  public InputStream open(Entry file, ByteRange range) throws IOException {
    InputStream input = real.open(file, range);
    UnaryOperator<String> alteration = altered.get(file.path());
    if (alteration == null) {
      return input;
    }
    try (input) {
      String text = new String(input.readAllBytes(), StandardCharsets.UTF_8);
      return new ByteArrayInputStream(alteration.apply(text).getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public Snapshot snapshot() {
    return real.snapshot();
  }

  @Override
  public Manifest manifest() throws IOException {
    return real.manifest();
  }

  @Override
  public Optional<Entry> entry(EntryPath path) throws IOException {
    return real.entry(path);
  }

  @Override
  public Cursor<Entry> walk(EntryPath from, int depth) throws IOException {
    return real.walk(from, depth);
  }

  @Override
  public void close() throws IOException {
    real.close();
  }
}
