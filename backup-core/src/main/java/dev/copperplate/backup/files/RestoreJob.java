package dev.copperplate.backup.files;

import dev.copperplate.backup.Entry;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the workers of one restore share. Thread-safe. */
final class RestoreJob {

  /** What every temporary name begins with. */
  static final String TEMPORARY = ".copperplate-";

  private final SnapshotReader snapshot;
  private final RestoreContext context;
  private final Metadata metadata;
  private final LinkGroups links;
  private final String prefix = newPrefix();
  private final AtomicLong temporaries = new AtomicLong();
  private final LongAdder files = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  RestoreJob(SnapshotReader snapshot, RestoreContext context, Metadata metadata, LinkGroups links) {
    this.snapshot = snapshot;
    this.context = context;
    this.metadata = metadata;
    this.links = links;
  }

  SnapshotReader snapshot() {
    return snapshot;
  }

  Metadata metadata() {
    return metadata;
  }

  LinkGroups links() {
    return links;
  }

  /** A prefix that nobody can know before. */
  static String newPrefix() {
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    return TEMPORARY + HexFormat.of().formatHex(random);
  }

  RawName temporaryName() {
    return RawName.of(prefix + "-" + temporaries.incrementAndGet());
  }

  void wrote(long count) {
    files.increment();
    bytes.add(count);
  }

  long files() {
    return files.sum();
  }

  long bytes() {
    return bytes.sum();
  }

  void report(Finding finding) {
    context.report(finding);
  }

  /** The destination does not take an entry. */
  void reportRefused(Entry entry, IOException reason) {
    report(
        Finding.error(
            entry.path().toString(),
            "is not restored: the destination refused it: " + Reasons.of(reason),
            "Mend the destination, or restore to another place"));
  }
}
