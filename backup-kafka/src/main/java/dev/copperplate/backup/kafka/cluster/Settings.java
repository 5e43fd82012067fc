package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Values of one thing, as they were and as they are now. */
final class Settings {

  private final String subject;
  private final boolean replacing;
  private final List<String> wanted = new ArrayList<>();
  private final List<String> words = new ArrayList<>();
  private final List<String> lost = new ArrayList<>();
  private final List<String> left = new ArrayList<>();

  /**
   * @param subject whose they are
   * @param replacing whether what differs is set
   */
  Settings(String subject, boolean replacing) {
    this.subject = subject;
    this.replacing = replacing;
  }

  /**
   * Takes one in.
   *
   * @param now null if it is not set
   */
  void add(String name, Object before, @Nullable Object now) {
    if (before.equals(now)) {
      return;
    }
    if (now != null && !replacing) {
      left.add(name + " is " + now + ", and " + before + " in the snapshot");
      return;
    }
    wanted.add(name);
    words.add(name + "=" + before);
    if (now != null) {
      lost.add(name + "=" + now + " of " + subject);
    }
  }

  /** Names of those that are to be set. */
  List<String> wanted() {
    return List.copyOf(wanted);
  }

  String words() {
    return "set " + String.join(", ", words) + " of " + subject;
  }

  /** What is there and will be lost. */
  List<String> lost() {
    return List.copyOf(lost);
  }

  /** Whether nothing differs. */
  boolean isPresent() {
    return wanted.isEmpty() && left.isEmpty();
  }

  /** Says what differs and is left, if there is such. */
  boolean reportLeft(Consumer<Finding> report) {
    if (left.isEmpty()) {
      return false;
    }
    report.accept(
        Finding.warning(
            subject,
            String.join("; ", left) + ": left as it is",
            "Restore with replacing(), or set it by hand"));
    return true;
  }
}
