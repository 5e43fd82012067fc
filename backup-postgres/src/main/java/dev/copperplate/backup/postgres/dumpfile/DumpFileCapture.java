package dev.copperplate.backup.postgres.dumpfile;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryNames;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.postgres.tools.DumpTools;
import dev.copperplate.backup.postgres.tools.ToolFailedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * One dump on its way into a snapshot. What is wrong with it is reported; it is stored all the
 * same.
 */
public final class DumpFileCapture {

  private static final Duration SILENCE = Duration.ofMinutes(10);
  private static final int BUFFER = 128 << 10;

  private final String name;
  private final Path dump;
  private final @Nullable Path tools;
  private final SnapshotWriter writer;
  private final CaptureContext context;

  /**
   * Prepares it.
   *
   * @param tools where pg_restore is; null for the usual places
   */
  public DumpFileCapture(
      String name, Path dump, @Nullable Path tools, SnapshotWriter writer, CaptureContext context) {
    this.name = name;
    this.dump = dump;
    this.tools = tools;
    this.writer = writer;
    this.context = context;
  }

  /** Takes it in. */
  public void run() throws IOException, InterruptedException {
    DumpFormat format = DumpFormat.of(dump);
    writer.fact("kind", "dump-file");
    writer.fact("format", format.toString());
    DumpScript script = new DumpScript();
    EntryPath entry = EntryPath.of(format.entry());
    if (format == DumpFormat.DIRECTORY) {
      directory(entry);
    } else {
      file(dump, entry, true, script);
    }
    if (format == DumpFormat.PLAIN) {
      judge(script);
    } else if (format == DumpFormat.TAR && !DumpTar.isWhole(dump)) {
      damaged(dump, "Does not end as pg_dump ends a tar: it was cut off");
    } else {
      readByPgRestore();
    }
    DumpFileGuide.write(writer, name, context.run(), format, script.isOfCluster());
  }

  private void directory(EntryPath entry) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(dump)) {
      all.forEach(files::add);
    }
    Collections.sort(files);
    for (Path each : files) {
      byte[] child = String.valueOf(each.getFileName()).getBytes(StandardCharsets.UTF_8);
      if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
        file(each, EntryNames.resolve(entry, child), false, new DumpScript());
      } else {
        context.report(Finding.warning(each.toString(), "Is no file, so it is left out", ""));
      }
    }
  }

  private void file(Path file, EntryPath entry, boolean decompressed, DumpScript script)
      throws IOException {
    BasicFileAttributes before = attributes(file);
    try (InputStream in = decompressed ? DumpFormat.open(file) : Files.newInputStream(file);
        EntryOutput out =
            writer.file(entry, Attributes.PLAIN.modified(before.lastModifiedTime().toInstant()))) {
      copy(file, in, out, script);
      out.commit();
    }
    BasicFileAttributes after = attributes(file);
    if (after.size() != before.size()
        || !after.lastModifiedTime().equals(before.lastModifiedTime())) {
      damaged(file, "Was written to while it was read");
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }

  private void copy(Path file, InputStream in, OutputStream out, DumpScript script)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    while (true) {
      int read;
      try {
        read = in.read(buffer);
      } catch (EOFException | ZipException broken) {
        damaged(file, "Cannot be decompressed to its end: it was cut off, or altered");
        return;
      }
      if (read < 0) {
        return;
      }
      script.add(buffer, read);
      out.write(buffer, 0, read);
    }
  }

  private void judge(DumpScript script) {
    script.serverVersion().ifPresent(each -> writer.fact("dumped-from", each));
    if (!script.isOfPgDump()) {
      context.report(
          Finding.warning(
              dump.toString(),
              "Does not begin as pg_dump begins a dump, so nothing tells whether it is whole",
              "Restore it once"));
    } else if (!script.isWhole()) {
      damaged(dump, "Does not end as pg_dump ends a dump: it was cut off");
    }
  }

  private void damaged(Path file, String what) {
    context.report(Finding.error(file.toString(), what, "Import another dump of about that time"));
  }

  /** Reads all of it as a restore would; what comes of that goes nowhere. */
  private void readByPgRestore() throws IOException, InterruptedException {
    if (Files.isRegularFile(dump) && DumpFormat.isCompressed(dump)) {
      notRead("it is compressed as a whole, which pg_restore cannot read");
      return;
    }
    DumpTools programs;
    try {
      programs = DumpTools.find(tools, 0);
    } catch (BackupException absent) {
      if (absent.kind() != Kind.NOT_FOUND) {
        throw absent;
      }
      notRead("there is no pg_restore");
      return;
    }
    try {
      programs
          .run("pg_restore", List.of("-f", "-", dump.toAbsolutePath().toString()))
          .to(OutputStream.nullOutputStream(), SILENCE, context);
    } catch (ToolFailedException failed) {
      if (String.valueOf(failed.getMessage()).contains("unsupported version")) {
        notRead("it is of a newer version than pg_restore " + programs.version());
      } else {
        damaged(dump, "Cannot be read to its end: " + failed.getMessage());
      }
    }
  }

  private void notRead(String why) {
    context.report(
        Finding.info(
            dump.toString(),
            "Was stored, and not read by pg_restore to see that it is whole: " + why));
  }
}
