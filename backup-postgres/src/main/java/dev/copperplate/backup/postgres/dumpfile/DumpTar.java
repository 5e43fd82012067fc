package dev.copperplate.backup.postgres.dumpfile;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Looks whether a tar of pg_dump is whole. pg_restore 17 takes one that was cut off for the rows
 * that are left, without an error.
 */
final class DumpTar {

  /** pg_dump writes it last. */
  private static final String LAST = "restore.sql";

  private DumpTar() {}

  static boolean isWhole(Path dump) throws IOException {
    String last = "";
    try (TarArchiveInputStream tar = new TarArchiveInputStream(DumpFormat.open(dump))) {
      for (TarArchiveEntry each = tar.getNextEntry(); each != null; each = tar.getNextEntry()) {
        last = each.getName();
        if (tar.transferTo(OutputStream.nullOutputStream()) != each.getSize()) {
          return false;
        }
      }
    } catch (IOException cutOff) {
      return false;
    }
    return last.equals(LAST);
  }
}
