package dev.copperplate.backup.repository;

import dev.copperplate.backup.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** Removes snapshots as an expiry does, and makes what they hold. */
final class Forgotten {

  private Forgotten() {}

  static void forget(Path repository, Snapshot snapshot) throws IOException {
    Files.delete(repository.resolve("snapshots").resolve(snapshot.id().hex()));
  }

  /** Bytes that do not compress, the same for the same seed. */
  static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** A system of two files. */
  static MapSource two(String name, long one, long other, int size) {
    return new MapSource(name, Map.of("one", bytes(one, size), "other", bytes(other, size)));
  }
}
