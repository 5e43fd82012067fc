package dev.copperplate.backup.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Failures that only a real system has: a full disk, a read-only one, no rights, no descriptors.
 */
class RealDiskTest {

  private static final String NOBODY = "65534";

  private final Path place;

  RealDiskTest(@TempDir Path temporary) throws IOException {
    // Others must be able to pass.
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    this.place = Files.createDirectory(temporary.resolve("place"));
  }

  @Test
  void aFullDiskIsFullAndThePutLeavesNothing() throws Exception {
    mountOneMegabyte();
    try (LocalTarget target = LocalTarget.at(place)) {
      put(target, "small", 1000);
      BackupException thrown =
          assertThrows(BackupException.class, () -> put(target, "data/00/large", 2_000_000));
      assertEquals(Kind.FULL, thrown.kind());
      String message = String.valueOf(thrown.getMessage());
      assertTrue(message.startsWith("Put of data/00/large to " + place + " failed: "), message);
      assertTrue(message.contains("ree space"), message);
      assertEquals(Set.of("small"), files());
      put(target, "data/00/other", 500_000);
    } finally {
      run("umount", place.toString());
    }
  }

  @Test
  void aReadOnlyDiskIsDeniedAndCanBeRead() throws Exception {
    mountOneMegabyte();
    try (LocalTarget target = LocalTarget.at(place)) {
      put(target, "config", 10);
      assertEquals(0, run("mount", "-o", "remount,ro", place.toString()));
      BackupException thrown = assertThrows(BackupException.class, () -> put(target, "other", 10));
      assertEquals(Kind.DENIED, thrown.kind());
      assertTrue(thrown.toString().contains("ount it writable"), thrown::toString);
      ObjectKey config = new ObjectKey("config");
      assertEquals(Kind.DENIED, target.delete(List.of(config)).values().iterator().next().kind());
      assertEquals(Set.of("config"), listed(target));
    } finally {
      run("umount", place.toString());
    }
    try (LocalTarget fresh = LocalTarget.at(place)) {
      assertEquals(1, fresh.capabilities().size());
    }
  }

  @Test
  void somebodyWithoutRightsIsDenied() throws Exception {
    assumeTrue(root(), "only root can become somebody else");
    assumeTrue(runs("setpriv", "--version"), "there is no setpriv");
    try (LocalTarget target = LocalTarget.at(place)) {
      put(target, "config", 10);
      put(target, "data/00/x", 10);
    }
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> lines =
        probe(
            List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"),
            "permissions");
    String remedy = ". Give this process access to it.";
    assertTrue(
        lines
            .get(0)
            .startsWith(
                "DENIED Put of config2 to " + place + " failed: no permission for " + place),
        () -> lines.get(0));
    assertTrue(lines.get(1).startsWith("DENIED Put of data/00/new"), () -> lines.get(1));
    assertEquals(
        "DENIED Read of config from "
            + place
            + " failed: no permission for "
            + place
            + "/config"
            + remedy,
        lines.get(2));
    assertTrue(lines.get(3).startsWith("DENIED List of data/* in " + place), () -> lines.get(3));
    assertTrue(lines.get(4).contains("Delete of config from " + place), () -> lines.get(4));
    assertEquals(List.of("fine", "[]", "fine"), lines.subList(5, 8));
    assertEquals(Set.of("config", "data/00/x"), files());
  }

  @Test
  void withoutDescriptorsItIsUnavailableUntilThereAreSome() throws Exception {
    List<String> lines = probe(List.of("sh", "-c", "ulimit -n 60 && exec \"$@\"", "sh"), "files");
    assertTrue(lines.get(0).startsWith("NOT_FOUND "), lines::toString);
    assertTrue(lines.get(1).startsWith("UNAVAILABLE Put of second"), lines::toString);
    assertTrue(lines.get(1).contains("Raise the limit of open files"), lines::toString);
    assertTrue(lines.get(2).startsWith("UNAVAILABLE Read of first"), lines::toString);
    assertEquals("fine", lines.get(3));
    assertEquals(Set.of("first", "third"), files());
  }

  @Test
  void aWriterThatIsKilledLeavesWhatItSaidAndNothingHalf() throws Exception {
    Process writer = start(List.of(), "forever");
    Set<Integer> said = new TreeSet<>();
    try (BufferedReader lines = lines(writer)) {
      while (said.size() < 20) {
        said.add(Integer.valueOf(String.valueOf(lines.readLine())));
      }
      writer.destroyForcibly();
    }
    assertEquals(128 + 9, writer.waitFor());
    try (LocalTarget target = LocalTarget.at(place)) {
      Set<String> there = listed(target);
      for (int i : said) {
        assertTrue(there.contains("data/" + i % 3 + "/" + i), () -> i + " is not in " + there);
      }
      for (String key : there) {
        assertTrue(DiskProbe.whole(target, new ObjectKey(key)), key);
      }
    }
  }

  private void mountOneMegabyte() throws Exception {
    assumeTrue(root(), "only root can mount");
    int code = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place.toString());
    assumeTrue(code == 0, "a tmpfs cannot be mounted here");
  }

  private static boolean root() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      return run(command) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Runs a part of {@link DiskProbe} in another process, started by a tool. */
  private List<String> probe(List<String> starter, String what) throws Exception {
    Process process = start(starter, what);
    try (BufferedReader lines = lines(process)) {
      List<String> answers = lines.lines().toList();
      assertEquals(0, process.waitFor(), answers::toString);
      return answers;
    }
  }

  private Process start(List<String> starter, String what) throws IOException {
    List<String> command = new ArrayList<>(starter);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", classes()));
    command.addAll(List.of(DiskProbe.class.getName(), what, place.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static BufferedReader lines(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * The classes, copied to where somebody else may read them; the build's own place may be ours.
   */
  private String classes() throws IOException {
    List<String> copies = new ArrayList<>();
    for (Class<?> type : List.of(BackupTarget.class, LocalTarget.class, DiskProbe.class)) {
      Path copy = place.resolveSibling("classes-" + copies.size());
      copyPackageOf(type, copy);
      copies.add(copy.toString());
    }
    return String.join(":", copies);
  }

  /** Asks the class loader, so that it does not matter whether the build made folders or jars. */
  private static void copyPackageOf(Class<?> type, Path copy) throws IOException {
    String folder = type.getPackageName().replace('.', '/');
    Path to = Files.createDirectories(copy.resolve(folder));
    for (String name : classesBeside(type)) {
      try (InputStream in = type.getResourceAsStream(name)) {
        if (in != null) {
          Files.copy(in, to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static List<String> classesBeside(Class<?> type) throws IOException {
    Path code = Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    String folder = type.getPackageName().replace('.', '/');
    if (Files.isDirectory(code)) {
      try (Stream<Path> files = Files.list(code.resolve(folder))) {
        return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
      }
    }
    try (JarFile jar = new JarFile(code.toFile())) {
      return jar.stream()
          .map(JarEntry::getName)
          .filter(name -> name.startsWith(folder + "/") && name.endsWith(".class"))
          .map(name -> name.substring(folder.length() + 1))
          .filter(name -> !name.contains("/"))
          .toList();
    }
  }

  private static void put(LocalTarget target, String key, int length) throws IOException {
    target.put(new ObjectKey(key), Content.of(new byte[length]), PutOptions.DATA);
  }

  private static Set<String> listed(LocalTarget target) throws IOException {
    Set<String> keys = new TreeSet<>();
    try (Cursor<ObjectInfo> cursor = target.list("")) {
      for (ObjectInfo info = cursor.next(); info != null; info = cursor.next()) {
        keys.add(info.key().value());
      }
    }
    return keys;
  }

  private Set<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      return new TreeSet<>(
          all.filter(Files::isRegularFile).map(p -> place.relativize(p).toString()).toList());
    }
  }
}
