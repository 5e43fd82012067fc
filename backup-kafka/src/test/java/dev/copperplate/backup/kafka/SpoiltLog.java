package dev.copperplate.backup.kafka;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Writes a snapshot once more, with some of its files changed or left out. */
public record SpoiltLog(
    SnapshotReader good, BiFunction<EntryPath, byte[], byte @Nullable []> change)
    implements BackupSource {

  @Override
  public SourceId id() {
    return new SourceId(KafkaTopicsSource.TYPE, "spoilt");
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
    for (Entry each : files()) {
      byte[] content;
      try (InputStream in = good.open(each, ByteRange.ALL)) {
        content = in.readAllBytes();
      }
      byte[] changed = change.apply(each.path(), content);
      if (changed != null) {
        try (EntryOutput out = writer.file(each.path(), Attributes.PLAIN)) {
          out.write(changed);
          out.commit();
        }
      }
    }
  }

  private List<Entry> files() throws IOException {
    List<Entry> files = new ArrayList<>();
    try (Cursor<Entry> walk = good.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      for (Entry each = walk.next(); each != null; each = walk.next()) {
        if (each.type() == EntryType.FILE && !each.path().startsWith(EntryPath.of(".backup"))) {
          files.add(each);
        }
      }
    }
    return files;
  }
}
