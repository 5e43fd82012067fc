package dev.copperplate.backup.postgres.scratch;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who runs a server. PostgreSQL refuses to run as root, so a process of root starts it as somebody
 * else; any other process starts it as itself.
 *
 * <p>Root becomes the other user by {@code setpriv} of util-linux, else by {@code su}. Immutable.
 */
public final class ServerUser {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final ServerUser SELF = new ServerUser("", -1, -1, List.of());

  private final String name;
  private final int uid;
  private final int gid;
  private final List<String> become;

  private ServerUser(String name, int uid, int gid, List<String> become) {
    this.name = name;
    this.uid = uid;
    this.gid = gid;
    this.become = List.copyOf(become);
  }

  /** This process's own user; for root {@code postgres} if there is one, else {@code nobody}. */
  public static ServerUser unprivileged() throws IOException, InterruptedException {
    if (!isRoot()) {
      return SELF;
    }
    return exists("postgres") ? named("postgres") : named("nobody");
  }

  /**
   * A user of this machine, whom only root can become.
   *
   * @throws BackupException {@code NOT_FOUND} if there is none of this name; {@code DENIED} if this
   *     process is not root's
   * @throws IllegalArgumentException if it is root
   */
  public static ServerUser named(String name) throws IOException, InterruptedException {
    if (!isRoot()) {
      throw new BackupException(
          Kind.DENIED, "Only root can start a server as " + name + "; leave the user out");
    }
    if (!exists(name)) {
      throw new BackupException(Kind.NOT_FOUND, "This machine has no user " + name);
    }
    int uid = id("-u", name);
    int gid = id("-g", name);
    if (uid == 0) {
      throw new IllegalArgumentException("PostgreSQL does not run as root: " + name);
    }
    return new ServerUser(name, uid, gid, becoming(name, uid, gid));
  }

  /** Whether this process may do anything. */
  public static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  private static boolean exists(String name) throws IOException, InterruptedException {
    return !name.startsWith("-") && Command.of("id", "-u", name).run(LIMIT).succeeded();
  }

  private static int id(String what, String name) throws IOException, InterruptedException {
    return Integer.parseInt(Command.of("id", what, name).run(LIMIT).outputOrThrow().strip());
  }

  private static List<String> becoming(String name, int uid, int gid)
      throws IOException, InterruptedException {
    List<String> setpriv =
        List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--");
    if (works(setpriv)) {
      return setpriv;
    }
    List<String> su = List.of("su", "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", name, "--");
    if (works(su)) {
      return su;
    }
    throw new BackupException(
        Kind.UNSUPPORTED, "Neither setpriv nor su starts a program as " + name + "; install one");
  }

  private static boolean works(List<String> become) throws IOException, InterruptedException {
    try {
      return new Command(with(become, List.of("true")), Map.of()).run(LIMIT).succeeded();
    } catch (BackupException absent) {
      if (absent.kind() == Kind.NOT_FOUND) {
        return false;
      }
      throw absent;
    }
  }

  /** The command that runs another one as this user. */
  public List<String> running(List<String> command) {
    return with(become, command);
  }

  private static List<String> with(List<String> become, List<String> command) {
    List<String> words = new ArrayList<>(become);
    words.addAll(command);
    return words;
  }

  /** Whether it is another user than this process's. */
  public boolean isAnother() {
    return !become.isEmpty();
  }

  /**
   * Gives a tree to this user, links themselves instead of what they point at. Nothing may change
   * it meanwhile: it is in a directory that nobody else can enter.
   */
  public void own(Path tree) throws IOException {
    if (isAnother()) {
      Files.walkFileTree(tree, giving());
    }
  }

  private FileVisitor<Path> giving() {
    return new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        give(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
          throws IOException {
        give(directory);
        return FileVisitResult.CONTINUE;
      }
    };
  }

  private void give(Path file) throws IOException {
    Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Refuses a path that this user cannot reach, since the server's own message would not say which
   * directory is closed.
   *
   * @throws BackupException {@code DENIED} that names the directory
   */
  public void requireReach(Path path) throws IOException {
    if (!isAnother()) {
      return;
    }
    for (Path each = path.toAbsolutePath(); each != null; each = each.getParent()) {
      if (Files.isDirectory(each) && !enters(each)) {
        throw new BackupException(
            Kind.DENIED,
            "The user " + name + " cannot enter " + each + ": choose a place outside of it");
      }
    }
  }

  private boolean enters(Path directory) throws IOException {
    Map<String, Object> owner = Files.readAttributes(directory, "unix:uid,gid,permissions");
    PosixFilePermission needed =
        Integer.valueOf(uid).equals(owner.get("uid"))
            ? PosixFilePermission.OWNER_EXECUTE
            : Integer.valueOf(gid).equals(owner.get("gid"))
                ? PosixFilePermission.GROUP_EXECUTE
                : PosixFilePermission.OTHERS_EXECUTE;
    return Files.getPosixFilePermissions(directory).contains(needed);
  }

  @Override
  public String toString() {
    return name.isEmpty() ? "the user of this process" : name;
  }
}
