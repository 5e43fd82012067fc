package dev.copperplate.samples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a day of work does to a directory: of twenty files one is changed and one deleted, a few
 * bytes in the middle of the largest are other ones, and a file is new.
 *
 * @param changed how many files were changed
 * @param deleted how many were deleted
 * @param added how many are new
 */
record TreeChanges(int changed, int deleted, int added) {

  private static final int OF = 20;
  private static final byte[] TEXT =
      "Changed by the quick start.\n".getBytes(StandardCharsets.UTF_8);

  /** Changes a directory. */
  static TreeChanges make(Path directory) throws IOException {
    List<Path> files = files(directory);
    Path largest = largest(files, directory);
    int changed = 0;
    int deleted = 0;
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      if (file.equals(largest)) {
        overwrite(file, Files.size(file) / 2);
        changed++;
      } else if (i % OF == 0) {
        overwrite(file, Files.size(file));
        changed++;
      } else if (i % OF == 1) {
        Files.delete(file);
        deleted++;
      }
    }
    Files.write(directory.resolve("added-by-quickstart"), TEXT, StandardOpenOption.CREATE_NEW);
    return new TreeChanges(changed, deleted, 1);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    }
  }

  private static Path largest(List<Path> files, Path none) throws IOException {
    Path largest = none;
    long size = -1;
    for (Path each : files) {
      if (Files.size(each) > size) {
        largest = each;
        size = Files.size(each);
      }
    }
    return largest;
  }

  private static void overwrite(Path file, long at) throws IOException {
    Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(file));
    if (permissions.add(PosixFilePermission.OWNER_WRITE)) {
      Files.setPosixFilePermissions(file, permissions);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer text = ByteBuffer.wrap(TEXT);
      while (text.hasRemaining()) {
        channel.write(text, at + text.position());
      }
    }
  }
}
