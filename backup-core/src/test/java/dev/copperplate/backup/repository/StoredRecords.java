package dev.copperplate.backup.repository;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.records.RecordStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The records of a repository in a directory, for tests that look at objects or spoil them. */
final class StoredRecords {

  private final Path directory;
  private final RecordStore store;

  private StoredRecords(Path directory, RecordStore store) {
    this.directory = directory;
    this.store = store;
  }

  static StoredRecords at(Path directory) throws IOException {
    return new StoredRecords(directory, new RecordStore(DeadWriter.store(directory)));
  }

  /** Whoever has the repository's key can write any record. */
  RecordStore store() {
    return store;
  }

  /** The records of a kind; oldest first for each subject. */
  List<RecordKey> keys(RecordKind kind) throws IOException {
    return store.keys(kind).values().stream().flatMap(List::stream).toList();
  }

  /** The only record of a kind. */
  RecordKey only(RecordKind kind) throws IOException {
    List<RecordKey> keys = keys(kind);
    if (keys.size() != 1) {
      throw new AssertionError("Not one record: " + keys);
    }
    return keys.get(0);
  }

  Path file(RecordKey key) {
    return directory.resolve(key.object().value());
  }

  byte[] bytes(RecordKey key) throws IOException {
    return Files.readAllBytes(file(key));
  }

  /** Puts any bytes at the place of a record. */
  void put(RecordKey key, byte[] bytes) throws IOException {
    Files.createDirectories(file(key).getParent());
    Files.deleteIfExists(file(key));
    Files.write(file(key), bytes);
  }

  /** A verifier whose answer is known beforehand. */
  static Verifier answering(Proof proof, boolean passed) {
    List<Finding> findings =
        passed ? List.of() : List.of(Finding.error("file", "is not what it was", ""));
    return (snapshot, context) -> Verification.of("drill", proof, findings, Map.of("k", "v"));
  }
}
