package dev.copperplate.samples;

import dev.copperplate.backup.postgres.scratch.PostgresBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The server of the quick start for other tests, with places that its user can enter. */
record TestServer(Path folder, DemonstrationServer postgres) implements AutoCloseable {

  /** The programs that the build has put there. */
  static PostgresBinaries programs() throws IOException, InterruptedException {
    Path jar = Path.of("target/servers/postgres-17.jar").toAbsolutePath();
    return PostgresBinaries.ofJar(jar, PostgresBinaries.defaultCache());
  }

  static TestServer start() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("copperplate-samples-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Path server = Files.createDirectory(folder.resolve("server"));
    return new TestServer(folder, DemonstrationServer.start(programs(), server));
  }

  /** A directory for drills. */
  Path scratch() throws IOException {
    Path scratch = Files.createDirectories(folder.resolve("scratch"));
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwx--x--x"));
    return scratch;
  }

  @Override
  public void close() throws IOException {
    postgres.close();
    TreeRemoval.remove(folder);
  }
}
