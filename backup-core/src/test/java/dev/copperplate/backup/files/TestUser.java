package dev.copperplate.backup.files;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Who runs the tests, and how to run a part of one as nobody. */
final class TestUser {

  private static final int NOBODY = 65534;

  private TestUser() {}

  static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  static int exec(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /**
   * Gives a tree to nobody and runs a main method as that user; returns the lines that it printed.
   * Where the tests do not run as root, the test is skipped.
   */
  static List<String> runAsNobody(Class<?> main, Path tree) throws Exception {
    assumeTrue(isRoot(), "only root can become another user");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is needed");
    assertReachable(tree);
    exec("chown", "-R", NOBODY + ":" + NOBODY, tree.toString());
    Path classes = copyOfClasses();
    try {
      return run(main, tree, classes);
    } finally {
      exec("rm", "-rf", classes.toString());
    }
  }

  private static List<String> run(Class<?> main, Path tree, Path classes)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "/usr/bin/setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes + ":" + classes + "/*",
                main.getName(),
                tree.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(output);
    }
    return output.lines().toList();
  }

  /** The build may lie where nobody cannot read. */
  private static Path copyOfClasses() throws Exception {
    Path copy = Files.createTempDirectory("classes");
    StringBuilder script = new StringBuilder("cd \"$1\"; shift; for e in \"$@\"; do ");
    script.append("if [ -d \"$e\" ]; then cp -r \"$e/.\" .; fi; ");
    script.append("case \"$e\" in *.jar) cp \"$e\" .;; esac; done; chmod -R a+rX .");
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", script.toString(), "sh", copy.toString()));
    command.addAll(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
    exec(command.toArray(String[]::new));
    return copy;
  }

  private static void assertReachable(Path tree) throws IOException {
    for (Path each = tree; each != null; each = each.getParent()) {
      Set<PosixFilePermission> permissions =
          EnumSet.copyOf(Files.getPosixFilePermissions(each, LinkOption.NOFOLLOW_LINKS));
      if (each.startsWith("/tmp") && permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
        Files.setPosixFilePermissions(each, permissions);
      }
    }
  }
}
