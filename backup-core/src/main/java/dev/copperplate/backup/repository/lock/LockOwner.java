package dev.copperplate.backup.repository.lock;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.copperplate.backup.repository.format.LockFile;
import dev.copperplate.backup.repository.format.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who this process is in lock files.
 *
 * <p>The host name is decorated: {@code <host>#copperplate-<machine>-<process>.<number>}. Stock
 * {@code restic unlock} sends a SIGHUP to the recorded process when the recorded host is its own,
 * which ends a JVM; with a decorated name it goes by age alone. {@code machine} is a digest of what
 * tells one booted system and process namespace from another, {@code process} is random for each
 * JVM but for its first eight digits, which say when it was started: so a process knows the locks
 * that a dead predecessor on the same machine has left, also when its number was given again.
 * {@code number} tells the locks of one process apart, because a lock's id changes when it is
 * renewed.
 */
final class LockOwner {

  /** This process. */
  static final LockOwner SELF = new LockOwner(hostName(), machine(), ProcessHandle.current().pid());

  private static final Pattern DECORATED =
      Pattern.compile("(.*)#copperplate-([0-9a-f]{8})-([0-9a-f-]{36})(?:\\.[0-9]+)?");

  /** Counted from the state of the process, which comes behind its name. */
  private static final int START_FIELD = 19;

  private final String machine;
  private final long pid;
  private final String process;
  private final String hostname;
  private final AtomicLong locks = new AtomicLong();
  private final Set<String> holders = ConcurrentHashMap.newKeySet();

  LockOwner(String host, String machine, long pid) {
    this(host, machine, pid, start(pid));
  }

  LockOwner(String host, String machine, long pid, Optional<String> start) {
    this.machine = machine;
    this.pid = pid;
    String random = UUID.randomUUID().toString();
    this.process = start.map(each -> each + random.substring(each.length())).orElse(random);
    this.hostname = host + "#copperplate-" + machine + "-" + process;
  }

  String hostname() {
    return hostname;
  }

  /** The host name of one more lock of this process, which no other lock ever bears. */
  String nextHolder() {
    String holder = hostname + "." + locks.incrementAndGet();
    holders.add(holder);
    return holder;
  }

  /** A lock of that name, should one be left, is nobody's from now on. */
  void release(String holder) {
    holders.remove(holder);
  }

  long pid() {
    return pid;
  }

  /** Whether a lock was written by this library, on any host. */
  static boolean isOurs(LockFile lock) {
    return DECORATED.matcher(lock.hostname()).matches();
  }

  /** Whether a lock was written on this machine by a process of this library that has ended. */
  boolean knowsDead(LockFile lock) {
    Matcher decorated = DECORATED.matcher(lock.hostname());
    return isHere(decorated) && !isLiving(lock, decorated.group(3));
  }

  /** Whether a lock was written on this machine by a process of this library that lives. */
  boolean knowsLiving(LockFile lock) {
    Matcher decorated = DECORATED.matcher(lock.hostname());
    return isHere(decorated) && isLiving(lock, decorated.group(3));
  }

  private boolean isHere(Matcher decorated) {
    return decorated.matches() && decorated.group(2).equals(machine);
  }

  private boolean isLiving(LockFile lock, String who) {
    long number = lock.pid();
    if (number == pid) {
      return who.equals(process) && holders.contains(lock.hostname());
    }
    return ProcessHandle.of(number).isPresent() && start(number).map(who::startsWith).orElse(true);
  }

  /**
   * When a process was started, in ticks since the system was: no clock that is set changes it.
   * Empty where the system does not tell.
   */
  private static Optional<String> start(long number) {
    try {
      String status = Files.readString(Path.of("/proc/" + number + "/stat"), ISO_8859_1);
      // The name of the program, in parentheses, may hold anything.
      String[] fields = status.substring(status.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(HexFormat.of().toHexDigits((int) Long.parseLong(fields[START_FIELD])));
    } catch (IOException | RuntimeException notLinux) {
      return Optional.empty();
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unnamed) {
      return "localhost";
    }
  }

  private static String machine() {
    String booted = firstLine(Path.of("/proc/sys/kernel/random/boot_id"));
    String seed = booted + "|" + processNamespace();
    return Sha256.hash(seed.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 8);
  }

  /** Two containers may share a host name and still number their processes each on its own. */
  private static String processNamespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException | SecurityException notLinux) {
      return "";
    }
  }

  /** Where a system does not tell, a random value: then only the age of a lock counts. */
  private static String firstLine(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException | SecurityException notLinux) {
      return UUID.randomUUID().toString();
    }
  }
}
