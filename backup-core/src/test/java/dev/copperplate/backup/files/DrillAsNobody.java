package dev.copperplate.backup.files;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Drills a snapshot of files and directories that their owner may not enter, read or change. */
final class DrillAsNobody {

  private DrillAsNobody() {}

  public static void main(String[] arguments) throws Exception {
    Path place = Path.of(arguments[0]);
    Path scratch = Files.createDirectory(place.resolve("scratch"));
    RepositoryOptions options = RepositoryOptions.DEFAULT.scratch(scratch);
    try (BackupRepository repository =
        TestRepositories.create(LocalTarget.at(place.resolve("repository")), options)) {
      Snapshot snapshot = repository.backup(new Locked()).snapshot();
      Verification drill = repository.verify(snapshot, FilesDrill.create());
      System.out.println("passed " + drill.passed());
    }
    try (Stream<Path> left = Files.list(scratch)) {
      System.out.println("left " + left.toList());
    }
  }

  private static final class Locked implements BackupSource {

    @Override
    public SourceId id() {
      return new SourceId("map", "locked");
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
      for (int mode : List.of(0, 0400, 0500, 0600)) {
        EntryPath directory = EntryPath.of("mode" + mode);
        writer.directory(directory, Attributes.PLAIN_DIRECTORY.permissions(mode));
        writer.directory(directory.child("below"), Attributes.PLAIN_DIRECTORY.permissions(mode));
        try (EntryOutput out =
            writer.file(directory.child("file"), Attributes.PLAIN.permissions(mode))) {
          out.write(1);
          out.commit();
        }
      }
    }
  }
}
