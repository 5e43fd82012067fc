package dev.copperplate.backup.records;

import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.repository.format.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The place of a record.
 *
 * @param kind what it says
 * @param subject what it is about: a content id, a run, or another plain word of up to 128
 *     characters
 * @param name tells the records about one subject apart; begins with the time of writing, so that
 *     their order is that of time
 */
public record RecordKey(RecordKind kind, String subject, String name) {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");

  public RecordKey {
    if (!PLAIN.matcher(subject).matches() || !PLAIN.matcher(name).matches()) {
      throw new IllegalArgumentException("Not the place of a record: " + subject + "/" + name);
    }
  }

  /** The subject of what is about a run; for the few runs that no key can say, their hash. */
  public static String subject(RunId run) {
    return PLAIN.matcher(run.value()).matches()
        ? run.value()
        : Sha256.hash(run.value().getBytes(StandardCharsets.US_ASCII)).hex();
  }

  /** Its key in the target. */
  public ObjectKey object() {
    return new ObjectKey(kind.prefix() + subject + "/" + name);
  }

  /** The place that an object has; empty for what does not belong here. */
  static Optional<RecordKey> of(RecordKind kind, ObjectKey key) {
    String[] segments = key.value().substring(kind.prefix().length()).split("/", -1);
    if (segments.length != 2) {
      return Optional.empty();
    }
    try {
      return Optional.of(new RecordKey(kind, segments[0], segments[1]));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return object().toString();
  }
}
