package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What time and people do to the files of a repository. */
record Damage(Path repository) {

  /** Turns a byte over. */
  void flip(ObjectKind kind, Sha256 id, int at) throws IOException {
    flip(file(kind, id), at);
  }

  static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    replace(file, bytes);
  }

  /** Cuts a file to a length. */
  static void truncate(Path file, int length) throws IOException {
    replace(file, Arrays.copyOf(Files.readAllBytes(file), length));
  }

  static void remove(Path file) throws IOException {
    Files.delete(file);
  }

  /** Gives each of two files the content of the other. */
  static void swap(Path one, Path other) throws IOException {
    byte[] bytes = Files.readAllBytes(one);
    replace(one, Files.readAllBytes(other));
    replace(other, bytes);
  }

  /** The files of a kind, sorted. */
  List<Path> files(ObjectKind kind) throws IOException {
    if (!Files.isDirectory(repository.resolve(kind.prefix()))) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(repository.resolve(kind.prefix()))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private Path file(ObjectKind kind, Sha256 id) {
    return repository.resolve(kind.key(id).value());
  }

  /** Files of a repository are read-only. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Path other = file.resolveSibling("damaged");
    Files.write(other, bytes);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
