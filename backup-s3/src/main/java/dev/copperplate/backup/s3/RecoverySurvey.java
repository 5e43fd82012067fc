package dev.copperplate.backup.s3;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/** Finds what in a bucket is not as it was at a time. */
final class RecoverySurvey {

  /** What is named by the hash of its content, in the layout of restic's repositories. */
  private static final Pattern HASHED =
      Pattern.compile("(data/[0-9a-f]{2}|index|snapshots|keys)/[0-9a-f]{64}");

  /** Where more objects than there were can mislead a reader or hold it up. */
  private static final Pattern MISLEADING =
      Pattern.compile("(keys|snapshots|index|locks|copperplate)/.*");

  private static final String CONFIG = "config";
  private static final String RECORDS = "copperplate/";

  private final S3Target target;
  private final Instant since;
  private final List<RecoveryStep> steps = new ArrayList<>();
  private final List<String> lost = new ArrayList<>();

  RecoverySurvey(S3Target target, Instant since) {
    this.target = target;
    this.since = since;
  }

  RecoveryPlan plan() throws IOException {
    ObjectHistories all = target.histories(since);
    for (ObjectHistory each = all.next(); each != null; each = all.next()) {
      lookAt(each);
    }
    return new RecoveryPlan(since, steps, lost);
  }

  /** Whether a key is one of a repository; others in the bucket are somebody else's. */
  static boolean isOfRepository(ObjectKey key) {
    String name = key.value();
    return name.equals(CONFIG)
        || HASHED.matcher(name).matches()
        || MISLEADING.matcher(name).matches();
  }

  private void lookAt(ObjectHistory history) throws IOException {
    String key = history.key().value();
    if (!isOfRepository(history.key()) || key.startsWith(StoreMemory.FOLDER)) {
      return;
    }
    ObjectVersion before = history.before();
    if (before == null) {
      lookAtAdded(history);
    } else if (HASHED.matcher(key).matches()) {
      lookAtHashed(history, before);
    } else if (key.equals(CONFIG) || key.startsWith(RECORDS)) {
      bringBack(history, before);
    }
  }

  private void lookAtAdded(ObjectHistory history) throws IOException {
    ObjectVersion current = history.current();
    String key = history.key().value();
    boolean misleading = MISLEADING.matcher(key).matches();
    if (current != null && !misleading && history.oldest().size() > 1) {
      lookAtHashed(history, history.oldest().get(0)); // A pack that an honest run added.
    } else if (current != null && misleading && current.lastModified().isAfter(since)) {
      String why = "it was added at " + current.lastModified();
      steps.add(new RecoveryStep(history.key(), RecoveryStep.What.HIDE, why, "", List.of()));
    }
  }

  private void lookAtHashed(ObjectHistory history, ObjectVersion before) throws IOException {
    ObjectVersion current = history.current();
    boolean alone = history.versionsSince() == 0 && history.oldest().size() == 1;
    if (alone) {
      if (history.hidden()) {
        add(history, before);
      }
      return;
    }
    if (current != null && isWhatItsNameSays(history.key(), current)) {
      return;
    }
    Optional<ObjectVersion> good = good(history, before);
    if (good.isPresent()) {
      add(history, good.get());
    } else {
      lost.add(history.key() + ": no version that is left has the content that its name says");
    }
  }

  private Optional<ObjectVersion> good(ObjectHistory history, ObjectVersion before)
      throws IOException {
    if (isWhatItsNameSays(history.key(), before)) {
      return Optional.of(before);
    }
    for (ObjectVersion each : history.oldest()) {
      if (isWhatItsNameSays(history.key(), each)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** What has no hash for a name is what it was when it has the same content. */
  private void bringBack(ObjectHistory history, ObjectVersion before) throws IOException {
    ObjectVersion current = history.current();
    boolean same =
        current != null
            && (current.versionId().equals(before.versionId())
                || (current.size().equals(before.size())
                    && hash(history.key(), current).equals(hash(history.key(), before))));
    if (!same) {
      add(history, before);
    }
  }

  /** Marks alone are removed where nothing but what was there comes to light. */
  private void add(ObjectHistory history, ObjectVersion good) {
    boolean replaced = history.versionsSince() > 0;
    List<String> marks =
        history.hidden() && !replaced && good.equals(history.before())
            ? history.marksSince()
            : List.of();
    steps.add(
        new RecoveryStep(
            history.key(),
            history.hidden() ? RecoveryStep.What.UNHIDE : RecoveryStep.What.REPLACE,
            (history.hidden() ? "it was deleted" : "it was overwritten")
                + (replaced ? ", by " + history.versionsSince() + " versions" : ""),
            good.versionId(),
            marks));
  }

  private boolean isWhatItsNameSays(ObjectKey key, ObjectVersion version) throws IOException {
    return key.value().endsWith("/" + hash(key, version));
  }

  private String hash(ObjectKey key, ObjectVersion version) throws IOException {
    MessageDigest hash = sha256();
    try (InputStream in = target.readVersion(key, version.versionId(), ByteRange.ALL)) {
      new DigestInputStream(in, hash).transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(hash.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
