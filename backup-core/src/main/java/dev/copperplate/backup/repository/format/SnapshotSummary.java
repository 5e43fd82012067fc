package dev.copperplate.backup.repository.format;

import java.time.Instant;
import java.util.Objects;

/**
 * What a backup counted, kept in its snapshot since restic 0.17. {@code restic rewrite} writes a
 * snapshot anew if the two totals are not exact.
 *
 * @param backupStart when the backup began
 * @param backupEnd when it ended
 * @param filesNew files that the parent lacks
 * @param filesChanged files that differ from the parent's
 * @param filesUnmodified files that are the parent's
 * @param dirsNew directories that the parent lacks
 * @param dirsChanged directories that differ from the parent's
 * @param dirsUnmodified directories that are the parent's
 * @param dataBlobs data blobs that were stored
 * @param treeBlobs tree blobs that were stored
 * @param dataAdded plain bytes that were stored
 * @param dataAddedPacked the same after compression
 * @param totalFilesProcessed files in the snapshot
 * @param totalBytesProcessed bytes of the files in the snapshot
 */
public record SnapshotSummary(
    Instant backupStart,
    Instant backupEnd,
    long filesNew,
    long filesChanged,
    long filesUnmodified,
    long dirsNew,
    long dirsChanged,
    long dirsUnmodified,
    long dataBlobs,
    long treeBlobs,
    long dataAdded,
    long dataAddedPacked,
    long totalFilesProcessed,
    long totalBytesProcessed) {

  public SnapshotSummary {
    Objects.requireNonNull(backupStart);
    Objects.requireNonNull(backupEnd);
    long signs = filesNew | filesChanged | filesUnmodified | dirsNew | dirsChanged | dirsUnmodified;
    signs |= dataBlobs | treeBlobs | dataAdded | dataAddedPacked;
    if ((signs | totalFilesProcessed | totalBytesProcessed) < 0) {
      throw new IllegalArgumentException("Counts of a summary are not negative");
    }
  }

  void encode(JsonOutput out) {
    out.beginObject();
    out.field("backup_start").time(backupStart);
    out.field("backup_end").time(backupEnd);
    out.field("files_new").number(filesNew);
    out.field("files_changed").number(filesChanged);
    out.field("files_unmodified").number(filesUnmodified);
    out.field("dirs_new").number(dirsNew);
    out.field("dirs_changed").number(dirsChanged);
    out.field("dirs_unmodified").number(dirsUnmodified);
    out.field("data_blobs").number(dataBlobs);
    out.field("tree_blobs").number(treeBlobs);
    out.field("data_added").number(dataAdded);
    out.field("data_added_packed").number(dataAddedPacked);
    out.field("total_files_processed").number(totalFilesProcessed);
    out.field("total_bytes_processed").number(totalBytesProcessed);
    out.endObject();
  }

  static SnapshotSummary decode(JsonInput in) throws FormatException {
    Fields fields = new Fields();
    in.requireObject("summary");
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      fields.read(field, in);
    }
    return fields.summary();
  }

  /** The fields of a summary while it is read. */
  private static final class Fields {

    private Instant backupStart = Timestamps.UNKNOWN;
    private Instant backupEnd = Timestamps.UNKNOWN;
    private long filesNew;
    private long filesChanged;
    private long filesUnmodified;
    private long dirsNew;
    private long dirsChanged;
    private long dirsUnmodified;
    private long dataBlobs;
    private long treeBlobs;
    private long dataAdded;
    private long dataAddedPacked;
    private long totalFilesProcessed;
    private long totalBytesProcessed;

    void read(String field, JsonInput in) throws FormatException {
      switch (field) {
        case "backup_start" -> backupStart = in.time(field);
        case "backup_end" -> backupEnd = in.time(field);
        case "files_new" -> filesNew = in.natural(field);
        case "files_changed" -> filesChanged = in.natural(field);
        case "files_unmodified" -> filesUnmodified = in.natural(field);
        case "dirs_new" -> dirsNew = in.natural(field);
        case "dirs_changed" -> dirsChanged = in.natural(field);
        case "dirs_unmodified" -> dirsUnmodified = in.natural(field);
        case "data_blobs" -> dataBlobs = in.natural(field);
        case "tree_blobs" -> treeBlobs = in.natural(field);
        case "data_added" -> dataAdded = in.natural(field);
        case "data_added_packed" -> dataAddedPacked = in.natural(field);
        case "total_files_processed" -> totalFilesProcessed = in.natural(field);
        case "total_bytes_processed" -> totalBytesProcessed = in.natural(field);
        default -> in.skip();
      }
    }

    SnapshotSummary summary() {
      return new SnapshotSummary(
          backupStart,
          backupEnd,
          filesNew,
          filesChanged,
          filesUnmodified,
          dirsNew,
          dirsChanged,
          dirsUnmodified,
          dataBlobs,
          treeBlobs,
          dataAdded,
          dataAddedPacked,
          totalFilesProcessed,
          totalBytesProcessed);
    }
  }
}
