package dev.copperplate.benchmarks.stages;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** What is backed up, as far as speed depends on it. The same bytes in every run of one JDK. */
public enum DataKind {
  /** Bytes that do not get smaller and are not tried for long. */
  RANDOM {
    @Override
    byte[] bytes(int size) {
      byte[] bytes = new byte[size];
      new SplittableRandom(SEED).nextBytes(bytes);
      return bytes;
    }
  },
  /** Rows of a table as PostgreSQL copies them out. */
  ROWS {
    @Override
    byte[] bytes(int size) {
      return new Rows(SEED).bytes(size);
    }
  },
  /** Class files of the JDK that runs this: machine code of a kind, and names. */
  CLASSES {
    @Override
    byte[] bytes(int size) {
      try {
        return classes(size);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  },
  /** Rows in gzip: as good as random for us, not quite so for zstd. */
  COMPRESSED {
    @Override
    byte[] bytes(int size) {
      try {
        return compressed(size);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  };

  private static final long SEED = 20261120;
  private static final int PORTION = 1 << 20;

  /** So many bytes of this kind. */
  abstract byte[] bytes(int size);

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static byte[] classes(int size) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(size);
    Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
    List<Path> files;
    try (Stream<Path> all = Files.walk(modules)) {
      files = all.filter(each -> each.toString().endsWith(".class")).sorted().toList();
    }
    for (int i = 0; out.size() < size; i = (i + 1) % files.size()) {
      out.write(Files.readAllBytes(files.get(i)));
    }
    return Arrays.copyOf(out.toByteArray(), size);
  }

  private static byte[] compressed(int size) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(size);
    Rows rows = new Rows(SEED);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      while (out.size() < size) {
        gzip.write(rows.bytes(PORTION));
      }
    }
    return Arrays.copyOf(out.toByteArray(), size);
  }
}
