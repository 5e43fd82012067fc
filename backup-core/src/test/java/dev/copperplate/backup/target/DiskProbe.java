package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What {@link RealDiskTest} runs in a process of its own. Prints one line for each answer. */
final class DiskProbe {

  private final LocalTarget target;
  private final Path directory;

  private DiskProbe(Path directory) {
    this.directory = directory;
    this.target = LocalTarget.at(directory);
  }

  public static void main(String[] arguments) throws IOException {
    DiskProbe probe = new DiskProbe(Path.of(arguments[1]));
    switch (arguments[0]) {
      case "permissions" -> probe.permissions();
      case "files" -> probe.openFiles();
      case "forever" -> probe.putForever();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** As somebody who may not do anything there. */
  private void permissions() {
    answer(() -> put("config2", 3));
    answer(() -> put("data/00/new", 3));
    answer(() -> target.read(new ObjectKey("config"), ByteRange.ALL).close());
    answer(() -> target.list("data/").close());
    answer(() -> System.out.println(target.delete(List.of(new ObjectKey("config"))).values()));
    answer(() -> System.out.println(target.capabilities()));
  }

  /** With a low limit of open files, all of which are used up. */
  private void openFiles() throws IOException {
    put("first", 3);
    answer(() -> target.read(new ObjectKey("absent"), ByteRange.ALL).close());
    List<FileChannel> open = new ArrayList<>();
    try {
      while (true) {
        open.add(FileChannel.open(directory.resolve("first")));
      }
    } catch (IOException e) {
      answer(() -> put("second", 3));
      answer(() -> target.read(new ObjectKey("first"), ByteRange.ALL).close());
    }
    for (FileChannel channel : open) {
      channel.close();
    }
    answer(() -> put("third", 3));
  }

  /** Says what is stored, object by object, until somebody kills it. */
  private void putForever() throws IOException {
    for (int i = 0; ; i++) {
      put("data/" + i % 3 + "/" + i, 100_000 + i);
      System.out.println(i);
      System.out.flush();
    }
  }

  private void put(String key, int length) throws IOException {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) length);
    target.put(new ObjectKey(key), Content.of(bytes), PutOptions.DATA);
  }

  /** Something that may fail. */
  private interface Question {
    void ask() throws IOException;
  }

  private static void answer(Question question) {
    try {
      question.ask();
      System.out.println("fine");
    } catch (BackupException e) {
      System.out.println(e.kind() + " " + e.getMessage());
    } catch (IOException e) {
      System.out.println(e);
    }
  }

  /** Whether an object is as {@link #putForever} made it. */
  static boolean whole(LocalTarget target, ObjectKey key) throws IOException {
    int length = 100_000 + Integer.parseInt(key.value().substring("data/0/".length()));
    byte[] expected = new byte[length];
    Arrays.fill(expected, (byte) length);
    try (InputStream in = target.read(key, ByteRange.ALL)) {
      return Arrays.equals(expected, in.readAllBytes());
    }
  }
}
