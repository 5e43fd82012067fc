package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/**
 * Deletes what no listing shows. First versions behind others; then the marks that hide nothing any
 * more. A mark that hides what the store keeps has to stay: without it, that would come to light.
 */
final class RecoverySweep {

  private static final int BATCH = 1000;
  private static final int MOST_FINDINGS = 1000;

  private final S3Target target;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<ObjectKey, List<String>> batch = new HashMap<>();
  private int size;

  RecoverySweep(S3Target target) {
    this.target = target;
  }

  List<Finding> sweep() throws IOException {
    target.visitVersions(
        new S3Versions.Visitor() {
          @Override
          public void version(ObjectKey key, ObjectVersion version) throws IOException {
            if (!Boolean.TRUE.equals(version.isLatest())) {
              add(key, version.versionId());
            }
          }

          @Override
          public void mark(ObjectKey key, DeleteMarkerEntry mark) throws IOException {
            if (!Boolean.TRUE.equals(mark.isLatest())) {
              add(key, mark.versionId());
            }
          }
        });
    flush();
    ObjectHistories all = target.histories(Instant.MIN);
    for (ObjectHistory each = all.next(); each != null; each = all.next()) {
      if (each.hidden() && each.oldest().isEmpty()) {
        for (String mark : each.marksSince()) {
          add(each.key(), mark);
        }
      }
    }
    flush();
    return List.copyOf(findings);
  }

  private void add(ObjectKey key, String id) throws IOException {
    if (!RecoverySurvey.isOfRepository(key)) {
      return; // Somebody else's history.
    }
    batch.computeIfAbsent(key, any -> new ArrayList<>()).add(id);
    size++;
    if (size == BATCH) {
      flush();
    }
  }

  private void flush() throws IOException {
    Map<ObjectKey, BackupException> remaining = target.deleteVersions(batch);
    batch.clear();
    size = 0;
    for (Map.Entry<ObjectKey, BackupException> each : remaining.entrySet()) {
      if (findings.size() < MOST_FINDINGS) {
        findings.add(
            Finding.warning(
                each.getKey().value(),
                String.valueOf(each.getValue().getMessage()),
                "Sweep again when the store lets it go"));
      }
    }
  }
}
